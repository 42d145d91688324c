// The same headers as files for common static hosts, ready to copy beside the page. They are made from headers.mjs and never written by hand,
// so that no host can lag behind the policy. Hosts that cannot send headers of one's own (GitHub Pages, GitLab Pages, a file share) are not here:
// they get the page as one HTML file, which carries its policy itself.
// `node web/server/hosts.mjs FOLDER` writes them into a folder.
// Invariant of each file: the headers are on every response of the page, errors included as far as the host lets a file decide that.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { securityHeaders } from './headers.mjs';

// As scripts/serve does it: what is named after its content may be kept, all else is asked for again.
const kForever = 'public, max-age=31536000, immutable';
const kAskAgain = 'no-cache';
const headers = Object.entries(securityHeaders);
const lines = (/** @type {(name: string, value: string) => string} */ line) => headers.map(([name, value]) => line(name, value)).join('\n');

const nginx = `# nginx: a whole server. Set server_name, listen (with TLS) and root, and put the file into conf.d or sites-enabled.
# Headers of a server block are inherited only by locations that set none themselves, so all of them stand here and the one that differs is a map.
map $uri $cloudshell_hunt_cache {
  ~/assets/[^/]+$ "${kForever}";
  default "${kAskAgain}";
}
map $status $cloudshell_hunt_kept {
  ~^(200|206|304)$ $cloudshell_hunt_cache;
  default "${kAskAgain}";
}

server {
  listen 80;
  server_name hunt.example.org;
  root /srv/cloudshell-hunt;
  index index.html;
  server_tokens off;
  types {
    text/html html;
    text/css css;
    text/javascript js mjs;
    application/wasm wasm;
    application/json json;
    image/svg+xml svg;
    text/plain txt;
  }
  default_type application/octet-stream;
  charset utf-8;
  charset_types text/css text/javascript application/json image/svg+xml text/plain;
${lines((name, value) => `  add_header ${name} "${value}" always;`)}
  add_header Cache-Control $cloudshell_hunt_kept always;
  gzip on;
  gzip_vary on;
  gzip_comp_level 9; # an eighth less than by the default of 1
  gzip_types text/css text/javascript application/wasm application/json image/svg+xml text/plain;
  location / {
    limit_except GET { deny all; }
  }
}
`;

const apache = `# Apache httpd: copy as .htaccess into the page's folder (AllowOverride FileInfo Limit Options=Indexes) or its lines into <Directory>.
# Needs mod_headers and mod_mime; without mod_headers the page must not be served, so there is no <IfModule> around this.
Options -Indexes
AddDefaultCharset utf-8
AddType text/javascript .js .mjs
AddType application/wasm .wasm
AddType application/json .json
AddType image/svg+xml .svg
${lines((name, value) => `Header always set ${name} "${value}"`)}
Header always set Cache-Control "${kAskAgain}"
<If "%{REQUEST_URI} =~ m#/assets/[^/]+$# && -f %{REQUEST_FILENAME}">
  Header always set Cache-Control "${kForever}"
</If>
<LimitExcept GET HEAD>
  Require all denied
</LimitExcept>
`;

// Caddy forgets what was set when it turns to an error's answer, so the headers are a snippet that both import.
const caddy = `# Caddy 2: a whole site. Set its name and root.
(cloudshell_hunt) {
	header {
${lines((name, value) => `\t\t${name} "${value}"`)}
		-Server
	}
}

hunt.example.org {
	root * /srv/cloudshell-hunt
	import cloudshell_hunt
	encode zstd gzip {
		match {
			header Content-Type text/*
			header Content-Type application/wasm*
			header Content-Type application/json*
			header Content-Type image/svg+xml*
		}
	}
	@kept {
		path */assets/*
		file
	}
	@asked not {
		path */assets/*
		file
	}
	header @kept Cache-Control "${kForever}"
	header @asked Cache-Control "${kAskAgain}"
	@sent not method GET HEAD
	respond @sent "This server only hands out the page; nothing can be sent to it." 405
	file_server
	handle_errors {
		import cloudshell_hunt
		header Cache-Control "${kAskAgain}"
		respond "There is no such file here."
	}
}
`;

// Netlify, Cloudflare Pages and others read the same form.
const headersFile = `/*
${lines((name, value) => `  ${name}: ${value}`)}
  Cache-Control: ${kAskAgain}
/assets/*
  ! Cache-Control
  Cache-Control: ${kForever}
`;

const azure = `${JSON.stringify(
  {
    globalHeaders: { ...securityHeaders, 'Cache-Control': kAskAgain },
    routes: [{ route: '/assets/*', methods: ['GET', 'HEAD'], headers: { 'Cache-Control': kForever } }],
    mimeTypes: { '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' },
  },
  null,
  2,
)}\n`;

// CloudFront names some headers itself and takes the rest as custom ones; no Strict-Transport-Security, which is the domain's owner's decision.
const cloudFront = `${JSON.stringify(
  {
    Name: 'cloudshell-hunt',
    Comment: `For the behaviour of /*; a second one for /assets/* may add Cache-Control: ${kForever}`,
    SecurityHeadersConfig: {
      ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: securityHeaders['Content-Security-Policy'] },
      ContentTypeOptions: { Override: true },
      FrameOptions: { Override: true, FrameOption: 'DENY' },
      ReferrerPolicy: { Override: true, ReferrerPolicy: 'no-referrer' },
    },
    CustomHeadersConfig: (() => {
      const named = ['Content-Security-Policy', 'X-Content-Type-Options', 'X-Frame-Options', 'Referrer-Policy'];
      const items = headers
        .filter(([name]) => !named.includes(name))
        .map(([name, value]) => ({ Header: name, Value: value, Override: true }));
      items.push({ Header: 'Cache-Control', Value: kAskAgain, Override: false });
      return { Quantity: items.length, Items: items };
    })(),
  },
  null,
  2,
)}\n`;

/** File name to content; where each goes stands in its first lines, or in README.md where its form has no comments. @type {Readonly<Record<string, string>>} */
export const hostFiles = Object.freeze({
  'nginx.conf': nginx,
  'apache.htaccess': apache,
  Caddyfile: caddy,
  _headers: headersFile,
  'staticwebapp.config.json': azure,
  'cloudfront-response-headers-policy.json': cloudFront,
});

/** Writes them into `folder`, which is made where it is not there. @param {string} folder */
export function writeHostFiles(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(hostFiles)) writeFileSync(join(folder, name), content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write('usage: node web/server/hosts.mjs FOLDER\n');
    process.exitCode = 2;
  } else {
    writeHostFiles(folder);
  }
}
