import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

/** Where the parts of a local stack listen (always on 127.0.0.1) and keep their data. */
export type StackLayout = {
  readonly directory: string;
  readonly ports: {
    readonly web: number;
    readonly floor: number;
    readonly admin: number;
    readonly swf: number;
    readonly processor: number;
    readonly mailbox: number;
    readonly postgres: number;
  };
};

/** The ports a stack takes are this far above its port base. */
const offsets = { web: 0, floor: 1, admin: 2, swf: 10, processor: 20, mailbox: 30, postgres: 40 } as const;

/** A stack's layout from its port base (1024 to 65,000) and its folder. */
export const layoutOf = (portBase: number, directory: string): StackLayout => ({
  directory: resolve(directory),
  ports: {
    web: portBase + offsets.web,
    floor: portBase + offsets.floor,
    admin: portBase + offsets.admin,
    swf: portBase + offsets.swf,
    processor: portBase + offsets.processor,
    mailbox: portBase + offsets.mailbox,
    postgres: portBase + offsets.postgres,
  },
});

/** Where one part keeps its data. */
export const directoryOf = (
  layout: StackLayout,
  part: 'swf' | 'processor' | 'mailbox' | 'postgres',
): string => join(layout.directory, part);

/** The address of a part that speaks HTTP. */
export const urlOf = (layout: StackLayout, part: Exclude<keyof StackLayout['ports'], 'postgres'>): string =>
  `http://127.0.0.1:${String(layout.ports[part])}`;

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });

/** The parts whose port another program has, with that port. */
export const takenPorts = async ({
  ports,
}: StackLayout): Promise<ReadonlyArray<{ readonly part: string; readonly port: number }>> => {
  const checked = await Promise.all(
    Object.entries(ports).map(async ([part, port]) => ({ part, port, free: await isFree(port) })),
  );
  return checked.filter(({ free }) => !free).map(({ part, port }) => ({ part, port }));
};
