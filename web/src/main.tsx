// Starts the page. The engine is fetched and compiled at once, so that it is there when the first file comes; a failure is said then, since opening
// a file tries again. What goes wrong anywhere is shown on the page and never written to the console, where it could hold evidence.

import { render } from 'preact';
import { compileEngine, openPool } from './engine/pool_browser';
import { Case } from './state/case';
import { readLink } from './state/link';
import { App } from './view/app';

const hunt = new Case(openPool());

const fail = (event: Event, what: string) => {
  event.preventDefault();
  hunt.stumble(`The page met a fault of its own (${what}). Please report it, with the version that stands beside the page's name.`);
};
addEventListener('error', (event) => {
  // Chromium's word for "measured again in the next frame", no fault; and what a broken image or script element reports is not an ErrorEvent.
  if (event.message.startsWith('ResizeObserver loop')) return;
  fail(event, event.message);
});
addEventListener('unhandledrejection', (event) => fail(event, event.reason instanceof Error ? event.reason.name : 'rejected'));

// A link carries settings and filters in its fragment (state/link.ts leaves out whatever names evidence). The page never writes its own address,
// it copies a link when asked: at each change of the address Chromium fetches the icon again, and after its own files the page asks for nothing.
hunt.follow(readLink(location.hash, new Date()));
addEventListener('hashchange', () => hunt.follow(readLink(location.hash, new Date())));

const root = document.getElementById('page');
if (root !== null) render(<App hunt={hunt} />, root);

// What is needed later is fetched now, so that the page goes on when the network is gone. Should it not come, using it says so.
async function fetchRest(): Promise<void> {
  const { fetchHashWorker } = await import('./engine/hashing');
  await Promise.all([import('./view/take_away_dialog'), import('./report/foreign_report'), fetchHashWorker()]);
}

compileEngine()
  .then(fetchRest)
  .catch(() => undefined);
