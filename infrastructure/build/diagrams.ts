// `npm run diagrams`: draws the phases of an order into ARCHITECTURE.md.
import { readFile, writeFile } from 'node:fs/promises';
import { withDrawings } from './lifecycle-document.js';

const path = 'ARCHITECTURE.md';
const drawn = withDrawings(await readFile(path, 'utf8'));
if (drawn === null) {
  process.stderr.write(`${path} has no place for the diagram\n`);
  process.exitCode = 1;
} else {
  await writeFile(path, drawn);
}
