// What Linux tells of processes under /proc. Elsewhere every figure is null, and the rest of the benchmark runs.
import { readdir, readFile } from 'node:fs/promises';

/** A process as it is now. */
export type ProcessState = {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** User and system time so far, in milliseconds. */
  readonly cpu: number;
  /** The same of its children that have ended. */
  readonly endedChildrenCpu: number;
};

/** The kernel counts in hundredths of a second towards programs, whatever it uses inside. */
const millisecondsPerTick = 10;

const stateOf = async (pid: number): Promise<ProcessState | null> => {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name stands in brackets and may hold blanks and brackets itself.
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const number = (index: number): number => Number(fields[index] ?? 0);
  return {
    pid,
    parent: number(1),
    name: text.slice(text.indexOf('(') + 1, nameEnd),
    cpu: (number(11) + number(12)) * millisecondsPerTick,
    endedChildrenCpu: (number(13) + number(14)) * millisecondsPerTick,
  };
};

const allProcesses = async (): Promise<readonly ProcessState[]> => {
  const names = await readdir('/proc').catch(() => []);
  const states = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => stateOf(Number(name))),
  );
  return states.filter((state) => state !== null);
};

/** The process and everything it started, directly or not, that still runs. Parents come before their children. */
export const familyOf = async (pid: number): Promise<readonly ProcessState[]> => {
  const all = await allProcesses();
  const family = all.filter((state) => state.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
};

/** The processes that a process started itself, with their command lines (parts separated by blanks). */
export const childrenOf = async (
  pid: number,
): Promise<ReadonlyArray<ProcessState & { readonly command: string }>> => {
  const children = (await allProcesses()).filter(({ parent }) => parent === pid);
  return Promise.all(
    children.map(async (child) => {
      const command = await readFile(`/proc/${String(child.pid)}/cmdline`, 'utf8').catch(() => '');
      return { ...child, command: command.replaceAll('\0', ' ') };
    }),
  );
};

/** Processor time of one process so far in milliseconds. */
export const cpuOf = async (pid: number): Promise<number | null> => (await stateOf(pid))?.cpu ?? null;

/** Processor time of a process and all its children so far, those that have ended included. */
export const familyCpuOf = async (pid: number): Promise<number | null> => {
  const family = await familyOf(pid);
  if (family.length === 0) return null;
  return family.reduce((total, { cpu, endedChildrenCpu }) => total + cpu + endedChildrenCpu, 0);
};

/** Processor time of everything on this machine so far in milliseconds, all cores together. */
export const machineCpu = async (): Promise<number | null> => {
  const text = await readFile('/proc/stat', 'utf8').catch(() => null);
  const fields = /^cpu +(.+)$/m
    .exec(text ?? '')?.[1]
    ?.split(' ')
    .map(Number);
  if (fields === undefined) return null;
  // user, nice, system; then idle and waiting, which are nobody's work; then interrupts.
  const busy = [0, 1, 2, 5, 6].reduce((total, index) => total + (fields[index] ?? 0), 0);
  return busy * millisecondsPerTick;
};

const kilobytes = async (path: string, field: string): Promise<number | null> => {
  const text = await readFile(path, 'utf8').catch(() => null);
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found);
};

/** Resident memory of one process in MB (2 to the power of 20). */
export const residentOf = async (pid: number): Promise<number | null> => {
  const size = await kilobytes(`/proc/${String(pid)}/status`, 'VmRSS');
  return size === null ? null : size / 1024;
};

/** Memory of a process and its children in MB, each shared page counted once (the kernel's proportional set size). */
export const familyMemoryOf = async (pid: number): Promise<number | null> => {
  const sizes = await Promise.all(
    (await familyOf(pid)).map((member) => kilobytes(`/proc/${String(member.pid)}/smaps_rollup`, 'Pss')),
  );
  const known = sizes.filter((size) => size !== null);
  return known.length === 0 ? null : known.reduce((total, size) => total + size, 0) / 1024;
};

/** The sum, or null when any of them is not known. */
export const sumOf = (values: ReadonlyArray<number | null>): number | null =>
  values.reduce<number | null>(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
