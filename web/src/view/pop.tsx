// Something that opens over the page from a button of its own: closed by Escape, which gives the focus back, and by a click anywhere else.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export function Pop({ title, testId, children }: { title: string; testId: string; children: ComponentChildren }) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const pop = box.current;
      if (pop === null || !pop.open || (event.target instanceof Node && pop.contains(event.target))) return;
      pop.open = false;
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, []);
  const close = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || box.current?.open !== true) return;
    event.stopPropagation();
    box.current.open = false;
    box.current.querySelector('summary')?.focus();
  };
  return (
    <details ref={box} class="pop" data-testid={testId} onKeyDown={close}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
