// The case report's only style sheet. Its hash stands in the report's policy, so it is computed once, here, and a test compares: a page on a plain
// http address has no crypto.subtle to do it.

export const caseStyle = `
:root{color-scheme:light;--line:#cfd6de;--quiet:#56606d;--high:#b00f1c;--medium:#8c4a00;--low:#1a5da3;--info:#55606e}
*{box-sizing:border-box}
body{margin:0;color:#1b212a;background:#fff;font:14px/1.45 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px}
h1{font-size:24px;margin:0 0 4px}
h2{font-size:18px;margin:28px 0 8px;padding-bottom:4px;border-bottom:2px solid var(--line)}
h3{font-size:15px;margin:20px 0 6px}
p,ul,dl,figure{margin:6px 0}
.quiet,figcaption{color:var(--quiet)}
bdi{white-space:pre-wrap}
.escape{border-radius:3px;background:#f6e7c8;color:#8c2f00;font:0.9em/1 ui-monospace,Consolas,"DejaVu Sans Mono",monospace}
table{border-collapse:collapse;width:100%;margin:8px 0;font-size:12px}
th,td{border:1px solid var(--line);padding:3px 6px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eef1f5;overflow-wrap:normal}
thead{display:table-header-group}
code{font:11px/1.4 ui-monospace,Consolas,"DejaVu Sans Mono",monospace}
dl div{display:flex;gap:12px}
dt{flex:0 0 300px;color:var(--quiet)}
dd{margin:0}
.severity{font-weight:600}
.severity.high{color:var(--high)}.severity.medium{color:var(--medium)}.severity.low{color:var(--low)}.severity.info{color:var(--info)}
.note{margin:8px 0;padding:6px 10px;border-left:4px solid #7d8896;background:#f5f6f8}
.session{break-before:auto;border-top:1px solid var(--line);margin-top:16px}
figure{break-inside:avoid}
figure>svg{width:100%;height:auto}
svg.key{width:12px;height:12px;vertical-align:-1px}
svg text{font:12px system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#1b212a}
svg text.axis{fill:#56606d}
.base{stroke:#7d8896}.lane{stroke:#e4e8ed}.signal{stroke:#0b57c2;stroke-width:2}
.span{stroke-width:3;stroke:#7d8896}
.mark{fill:#7d8896}
.span.high{stroke:var(--high)}.span.medium{stroke:var(--medium)}.span.low{stroke:var(--low)}.span.info{stroke:var(--info)}
.mark.high{fill:var(--high)}.mark.medium{fill:var(--medium)}.mark.low{fill:var(--low)}.mark.info{fill:var(--info)}
.mark.none{fill:#fff;stroke:#7d8896;stroke-width:1.5}
@media (max-width:700px){main{padding:12px}table{display:block;overflow-x:auto}dl div{display:block}}
@media print{main{max-width:none;padding:0}body{font-size:11px}table{font-size:9px}h2{break-after:avoid}h3{break-after:avoid}tr{break-inside:avoid}}
@page{size:A4 landscape;margin:12mm}
`;

export const caseStyleHash = 'sha256-mfM/3KTXzAmSHT7N91xUbcDfCB6xrwlTKFRssfeln/8=';
