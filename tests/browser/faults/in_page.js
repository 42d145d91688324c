// Stands before the page's own script in a faulty page (faulty_page.ts): hands each worker what shall go wrong in it, and ends workers as the
// operating system would, without a word to anybody. The page itself is the built one.
{
  const kOurs = 'cloudshell-hunt';
  const RealWorker = Worker;
  /** @type {RealWorker[]} */
  const workers = [];
  const faults = {
    /** For workers that start from now on; null: sound ones. */
    inWorkers: null,
    faultyWorkers: Number.MAX_SAFE_INTEGER,
    /** @type {{ ask: string, nth: number, after: number } | null} */
    kill: null,
    /** @type {string[]} */
    killed: [],
    /** @type {string[]} */
    asks: [],
    goOn() {
      for (const worker of workers) RealWorker.prototype.postMessage.call(worker, { faults: 'go on' });
    },
  };
  Object.assign(globalThis, { faults });

  globalThis.Worker = class extends RealWorker {
    /** Messages until this one is ended, and the question at which it was chosen. */
    left = Number.POSITIVE_INFINITY;
    chosenAt = '';
    hasSpoken = false;

    /**
     * @param {string | URL} address
     * @param {WorkerOptions} options
     */
    constructor(address, options) {
      super(address, options);
      if (options.name !== kOurs) return;
      if (faults.inWorkers !== null && workers.length < faults.faultyWorkers) super.postMessage({ faults: faults.inWorkers });
      workers.push(this);
      this.addEventListener('message', (event) => {
        if (event.data.faults === 'held') {
          event.stopImmediatePropagation();
          document.documentElement.dataset.held = '';
          return;
        }
        this.hasSpoken = true;
        this.left -= 1;
        this.end();
      });
    }

    end() {
      if (this.left > 0) return;
      this.left = Number.POSITIVE_INFINITY;
      faults.killed.push(this.chosenAt);
      this.terminate();
    }

    /**
     * @param {any} message
     * @param {any} transfer
     */
    postMessage(message, transfer) {
      super.postMessage(message, transfer);
      if (message.type !== 'ask') return;
      faults.asks.push(message.ask);
      const { kill } = faults;
      if (kill === null || message.ask !== kill.ask || faults.asks.filter((ask) => ask === kill.ask).length !== kill.nth) return;
      this.chosenAt = message.ask;
      this.left = Math.max(kill.after, this.hasSpoken ? 0 : 1);
      this.end();
    }
  };
}
