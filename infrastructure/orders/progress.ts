/** Shows how far a long work is. */
export type Progress = { readonly step: () => void; readonly end: () => void };

const width = 30;
const redrawMilliseconds = 200;
const lineMilliseconds = 5_000;

const clock = (seconds: number): string =>
  `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** A bar with rate and estimate on a terminal; elsewhere a line every five seconds. Writes to standard error. */
export const createProgress = (label: string, expected: number, output: NodeJS.WriteStream): Progress => {
  const began = performance.now();
  let done = 0;
  let drawnAt = 0;
  const text = (): string => {
    const seconds = (performance.now() - began) / 1000;
    const rate = done / Math.max(seconds, 0.001);
    // More may come while the work is under way, such as events during a rebuild.
    const total = Math.max(expected, done);
    const filled = Math.round((width * done) / Math.max(total, 1));
    const left = rate > 0 ? clock((total - done) / rate) : '–';
    return `${label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(done)}/${String(total)}  ${rate.toFixed(1)}/s  ${left} left`;
  };
  const draw = (): void => {
    drawnAt = performance.now();
    output.write(output.isTTY ? `\r\x1b[2K${text()}` : `${text()}\n`);
  };
  return {
    step: () => {
      done += 1;
      const interval = output.isTTY ? redrawMilliseconds : lineMilliseconds;
      if (performance.now() - drawnAt > interval) draw();
    },
    end: () => {
      draw();
      if (output.isTTY) output.write('\n');
    },
  };
};
