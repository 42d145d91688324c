// What the page is measured against in its own browser: reading the picked file and doing nothing with it, and DuckDB-WASM's answer to the
// published query. browser.mjs picks the file and calls.

const picked = () => document.getElementById('file').files[0];

/** Workers that wait for work; started before the clock is. */
const readers = [];

globalThis.startReaders = async (count) => {
  while (readers.length < count) readers.push(new Worker('/reading_worker.js', { type: 'module' }));
  await Promise.all(readers.map((worker) => answerOf(worker, { ping: true })));
};

/** Milliseconds from now until the last of `workers` workers has read the last of its slices: every n-th one, some of them ahead. */
globalThis.readAlone = async ({ workers, sliceBytes, ahead, streams }) => {
  const file = picked();
  const started = performance.now();
  const used = readers.slice(0, workers);
  const sums = await Promise.all(used.map((worker, first) => answerOf(worker, { file, first, step: workers, sliceBytes, ahead, streams })));
  const millis = performance.now() - started;
  const bytes = sums.reduce((sum, part) => sum + part, 0);
  if (bytes !== file.size) throw new Error(`read ${bytes} of ${file.size} bytes`);
  return millis;
};

function answerOf(worker, question) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(question);
  });
}

let database = null;

globalThis.startDuckDb = async () => {
  const duckdb = await import('@duckdb/duckdb-wasm');
  const dist = `${location.origin}/node_modules/@duckdb/duckdb-wasm/dist`;
  const worker = new Worker(`${dist}/duckdb-browser-eh.worker.js`);
  const engine = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await engine.instantiate(`${dist}/duckdb-eh.wasm`);
  await engine.open({ path: ':memory:' });
  await engine.registerFileHandle('picked.csv', picked(), duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
  database = await engine.connect();
  return (await database.query('SELECT version() AS version')).toArray()[0].version;
};

globalThis.runDuckDb = async (sql) => {
  const started = performance.now();
  const table = await database.query(sql);
  const lines = table.toArray().map(({ line }) => line);
  return { millis: performance.now() - started, lines };
};
