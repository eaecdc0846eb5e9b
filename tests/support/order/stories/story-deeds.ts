// One order and everything that can happen to it, thing by thing, with a timeline of who did what and when.
import { opening } from '../../examples.js';
import type { EngineOptions } from '../process-engine.js';
import { createEngine } from '../process-engine.js';
import type { PaymentGateway } from '../../../../application/ports/payment-gateway.js';
import { stepKey } from '../../../../domain/process/steps.js';
import { expectCleanSlate, expectSoundBooks } from '../books.js';
import { type Fault, faultsAt } from '../faults.js';
import { intercepted } from '../port-calls.js';
import type { Picks } from './floor.js';
import { createWorld } from '../world.js';

/** What the order is like from the beginning. */
export type Around = {
  readonly card: string;
  readonly picks: Picks;
  readonly reservationSeconds: number;
  readonly notices: NonNullable<EngineOptions['notices']>;
};

type Line = { readonly at: number; readonly who: string; readonly what: string };

/** A story that has begun; `change` plants a bug in the card processor. */
export const storyOf = async (around: Around, change: (gateway: PaymentGateway) => PaymentGateway) => {
  const { card, picks, reservationSeconds, notices } = around;
  const world = await createWorld({ card, picks, reservationSeconds });
  const timeline: Line[] = [];
  const faults = new Map<number, Fault>();
  const plan = faultsAt(faults);
  const sound = { ...world.ports, gateway: change(world.ports.gateway) };
  const note = (who: string, what: string): void => void timeline.push({ at: world.system.now(), who, what });
  let events = 0;
  /** New facts of the order are told by whoever stored them. */
  const noteFacts = async (): Promise<void> => {
    const stored = await world.events();
    for (const event of stored.slice(events)) note('order', event.type);
    events = stored.length;
  };
  const engine = createEngine(world, {
    ...{ ports: intercepted(sound, plan.through), death: plan.death, notices },
    onRun: (run) => {
      if (run !== null) note('process', `${stepKey(run.step)}, run ${String(run.run)}`);
    },
  });

  await noteFacts();

  const goOn = async (rounds: number): Promise<boolean> => {
    for (let round = 0; round < rounds; round += 1) {
      const came = await engine.round();
      await noteFacts();
      if (came === 'ended') return true;
    }
    return false;
  };
  const act = async (who: string, what: string, deed: () => Promise<boolean>): Promise<boolean> => {
    const accepted = await deed();
    note(who, accepted ? what : `${what}: refused`);
    await noteFacts();
    return false;
  };
  return {
    ...{ world, timeline, goOn, act },
    /** The next call of a port goes wrong. */
    spoil: async (fault: Fault): Promise<boolean> => {
      faults.set(plan.calls.length, fault);
      note('fault', `the next call: ${fault}`);
      return false;
    },
    restart: async (): Promise<boolean> => {
      engine.restart();
      note('service', 'the workflow is lost and begun anew');
      return false;
    },
    lookAtBooks: async (): Promise<void> => expectSoundBooks(world),
    /** Nothing goes wrong any more, holds are released, and the order goes to its end. */
    finish: async (): Promise<void> => {
      faults.clear();
      for (const reason of (await world.order()).holds) {
        await act('Olga', `releases the hold (${reason})`, () => world.people.release(reason));
      }
      for (let rounds = 0; rounds < 600 && !(await goOn(1)); rounds += 1);
      await engine.runToEnd();
      await noteFacts();
      await expectCleanSlate(world, ['Completed', 'Cancelled', 'Rejected'], true);
    },
  };
};

/** A story under way. */
export type StoryPlay = Awaited<ReturnType<typeof storyOf>>;

type StoryDeed = {
  readonly who: string;
  readonly what: string;
  readonly run: (play: StoryPlay) => Promise<boolean>;
};

const deed = (
  who: string,
  what: string,
  how: (people: StoryPlay['world']['people']) => Promise<boolean>,
): StoryDeed => ({ who, what, run: (play) => play.act(who, what, () => how(play.world.people)) });

/** Everything that people, banks, time and the workflow service can do. */
export const deedsOf: readonly StoryDeed[] = [
  deed('customer', 'cancels', (people) => people.cancel(true)),
  deed('customer', 'cancels, and nobody tells the process', (people) => people.cancel(false)),
  deed('customer', 'names another card', (people) => people.nameCard('pm_card_mastercard')),
  deed('customer', 'names a stolen card', (people) => people.nameCard('pm_card_chargeDeclinedStolenCard')),
  deed('customer', 'confirms at the bank', (people) => people.answerBank(true)),
  deed('customer', 'fails at the bank', (people) => people.answerBank(false)),
  deed('Olga', 'places a hold (fraud)', (people) => people.hold('fraud')),
  deed('Olga', 'places a hold (address)', (people) => people.hold('address')),
  deed('Olga', 'releases the hold (fraud)', (people) => people.release('fraud')),
  deed('Olga', 'gives 300 back', (people) => people.refund('operator-1', 300)),
  deed('Omar', 'gives 300 back under the same id', (people) => people.refund('operator-1', 300)),
  deed('Omar', 'gives 4000 back', (people) => people.refund('operator-2', 4_000)),
  { who: 'service', what: 'loses the workflow', run: (play) => play.restart() },
  ...[60, 3_600, 86_400].map((seconds): StoryDeed => ({
    ...{ who: 'time', what: `${String(seconds)} seconds pass` },
    run: (play) =>
      play.act('time', `${String(seconds)} seconds pass`, async () => {
        await play.world.system.wait(seconds * 1000)();
        return true;
      }),
  })),
];

const clockOf = (at: number): string => {
  const seconds = Math.round((at - opening) / 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  return `+${String(Math.floor(seconds / 86_400))}d ${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
};

/** The story as a list: time since the order was placed, who, what. */
export const tellTimeline = ({ timeline }: StoryPlay, { card, picks, notices }: Around): string =>
  [
    `an order with ${card}, picked: ${picks}, notices: ${notices}`,
    ...timeline.map(({ at, who, what }) => `  ${clockOf(at)}  ${who.padEnd(8)} ${what}`),
  ].join('\n');
