// The frame around every phase: name, theme, what was opened, and the whole page as a place to drop files.

import { useEffect, useState } from 'preact/hooks';
import type { Case } from '../state/case';
import { fromDrop, fromFiles, fromText } from '../state/sources';
import { FirstView } from './first_view';
import { ReadingView } from './reading_view';
import { ResultView } from './result_view';
import { MenuRoot } from './value_menu';

type Theme = 'auto' | 'light' | 'dark';
const themes: { theme: Theme; label: string }[] = [
  { theme: 'auto', label: 'Auto' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

export function App({ hunt }: { hunt: Case }) {
  const phase = hunt.phase.value;
  const dragging = useDrop(hunt);
  useEffect(() => {
    document.documentElement.dataset.state = phase;
    if (phase === 'done') document.getElementById('head-title')?.focus({ preventScroll: true });
  }, [phase]);
  return (
    <>
      <header class="top">
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <span class="brand">
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
            <path d="M3 4h18v16H3zM7 9l3 3-3 3M12 15h5" />
          </svg>
          CloudShell Hunt <span class="version">{__VERSION__}</span>
        </span>
        <ThemeSwitch />
      </header>
      <main id="main" tabIndex={-1}>
        {phase === 'idle' && <FirstView hunt={hunt} dragging={dragging} />}
        {phase === 'reading' && <ReadingView hunt={hunt} />}
        {phase === 'done' && (
          <MenuRoot hunt={hunt}>
            <ResultView hunt={hunt} />
          </MenuRoot>
        )}
        {phase === 'failed' && <FailedView hunt={hunt} />}
      </main>
      <Toast hunt={hunt} />
      <p class="announcement visually-hidden" role="status" data-testid="announcement">
        {hunt.announcement.value}
      </p>
      {dragging && phase !== 'idle' && (
        <div class="drop-veil" aria-hidden="true">
          {phase === 'reading' ? 'Cancel the reading first' : 'Drop to open these files instead'}
        </div>
      )}
    </>
  );
}

const kToastMillis = 3000;

/** What was just done, for a moment; the announcement says it to screen readers. */
function Toast({ hunt }: { hunt: Case }) {
  const text = hunt.toast.value;
  useEffect(() => {
    if (text === '') return;
    const timer = setTimeout(() => {
      hunt.toast.value = '';
    }, kToastMillis);
    return () => clearTimeout(timer);
  }, [text]);
  return text === '' ? null : (
    <div class="toast" aria-hidden="true">
      {text}
    </div>
  );
}

function FailedView({ hunt }: { hunt: Case }) {
  return (
    <section class="failed" aria-labelledby="failed-title">
      <h1 id="failed-title">This did not work</h1>
      <p role="alert">{hunt.failure.value}</p>
      <p>Nothing was sent or kept. Your files are unchanged.</p>
      <button type="button" class="primary" onClick={() => hunt.clear()}>
        Start again
      </button>
    </section>
  );
}

/** Kept for as long as the page is open: nothing is stored in the browser. */
function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>('auto');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <fieldset class="theme">
      <legend class="visually-hidden">Colours</legend>
      {themes.map(({ theme: value, label }) => (
        <label key={value}>
          <input type="radio" name="theme" value={value} checked={theme === value} onChange={() => setTheme(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Files may be dropped anywhere, and pasted while nothing is open. True while files hang over the page. */
function useDrop(hunt: Case): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const dragover = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      // Without this the browser would leave the page and show the file.
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = hunt.phase.peek() === 'reading' ? 'none' : 'copy';
      setOver(true);
    };
    const dragleave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (event.dataTransfer === null || !holdsFiles(event)) return;
      event.preventDefault();
      if (hunt.phase.peek() === 'reading') return;
      // A large tree takes a while to list.
      hunt.notice.value = 'Listing what was dropped…';
      void fromDrop(event.dataTransfer).then((gathered) => hunt.open(gathered));
    };
    const paste = (event: ClipboardEvent) => {
      const target = event.target;
      if (hunt.phase.peek() !== 'idle' || event.clipboardData === null) return;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
      const files = fromFiles(event.clipboardData.files);
      const text = event.clipboardData.getData('text/plain');
      if (files.length === 0 && text.trim() === '') return;
      event.preventDefault();
      hunt.open({ sources: files.length > 0 ? files : [fromText(text)], unreadable: [] });
    };
    document.addEventListener('dragover', dragover);
    document.addEventListener('dragleave', dragleave);
    document.addEventListener('drop', drop);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('dragover', dragover);
      document.removeEventListener('dragleave', dragleave);
      document.removeEventListener('drop', drop);
      document.removeEventListener('paste', paste);
    };
  }, [hunt]);
  return over;
}
