// An order as its process sees it, small enough to check by eye: what each step does to the situation. The real order
// (domain/order) has its own tests; this one only has to move in the same ways.
import type { NotificationKind } from '../../domain/order/events.js';
import { placedSituation, type Situation } from '../../domain/process/situation.js';
import type { Step } from '../../domain/process/steps.js';

/** How a step's outside world answers: 0 is the good way, everything else is one of the bad ones. */
export type Luck = number;

/** An order that was placed and not touched since. */
export const newOrder: Situation = { ...placedSituation, revision: 0 };

type Change = Partial<Omit<Situation, 'revision'>>;

const mailAbout = (stage: Situation['stage'], before: Situation): readonly NotificationKind[] => {
  const kept = before.mailsDue.filter(
    (kind) => !((stage === 'cancelling' || stage === 'cancelled') && kind === 'order_confirmed'),
  );
  if (stage === before.stage) return kept;
  if (stage === 'cancelled') return [...kept, 'order_cancelled'];
  return stage === 'rejected' ? [...kept, 'order_rejected'] : kept;
};

const after = (order: Situation, change: Change): Situation => {
  const stage = change.stage ?? order.stage;
  return {
    ...order,
    ...change,
    mailsDue: [...mailAbout(stage, order), ...(change.mailsDue ?? [])],
    revision: order.revision + 1,
  };
};

const holdsGoods = ({ stock }: Situation): boolean => stock === 'reserved' || stock === 'committed';

const reservedCard = (order: Situation, luck: Luck): Change => {
  if (luck % 3 === 1) return { payment: 'declined' };
  if (luck % 3 === 2 && order.payment === 'none') return { payment: 'reserving' };
  return { payment: 'reserved', mailsDue: order.stage === 'cancelling' ? [] : ['order_confirmed'] };
};

/** What a step changes in an order; null when it is done already, or not allowed any more. */
const changeBy = (order: Situation, step: Step, luck: Luck): Change | null => {
  const { stage, payment, stock, fulfilment } = order;
  switch (step.name) {
    case 'AuthenticateCustomer':
      return stage === 'placed' ? { stage: luck % 4 === 1 ? 'rejected' : 'authenticated' } : null;
    case 'ValidateOrder':
      return stage === 'authenticated' ? { stage: luck % 4 === 1 ? 'rejected' : 'validated' } : null;
    case 'ReserveStock':
      if (stock !== 'none' || (stage !== 'validated' && stage !== 'cancelling')) return null;
      if (luck % 4 !== 1) return { stock: 'reserved' };
      return stage === 'validated' ? { stock: 'unavailable', stage: 'rejected' } : null;
    case 'ReserveCard':
      if (payment === 'reserving') return reservedCard(order, luck);
      return payment === 'none' && stage === 'validated' ? reservedCard(order, luck) : null;
    case 'CommitStock':
      return stock === 'reserved' && stage === 'validated' ? { stock: 'committed' } : null;
    case 'ReleaseToWarehouse':
      return stage === 'validated' && payment === 'reserved' ? { stage: 'released' } : null;
    case 'Pick':
      return stage === 'released' && fulfilment === 'waiting' ? { fulfilment: 'picked' } : null;
    case 'Pack':
      return stage === 'released' && fulfilment === 'picked' ? { fulfilment: 'packed' } : null;
    case 'ChargeCard':
      if (fulfilment !== 'packed' || payment === 'charged') return null;
      if (payment !== 'charging' && luck % 3 === 2) return { payment: 'charging' };
      return { payment: luck % 3 === 1 && payment !== 'charge_failed' ? 'charge_failed' : 'charged' };
    case 'Ship':
      return payment === 'charged' && fulfilment === 'packed'
        ? { fulfilment: 'shipped', mailsDue: ['order_shipped'] }
        : null;
    case 'CompleteOrder':
      return stage === 'released' && fulfilment === 'shipped' ? { stage: 'completed' } : null;
    case 'GiveUpPayment':
      return stage === 'validated' && payment === 'declined' ? { stage: 'cancelling' } : null;
    case 'VoidReservation':
      return stage === 'cancelling' && (payment === 'reserved' || payment === 'charge_failed')
        ? { payment: 'voided' }
        : null;
    case 'ReleaseStock':
      return holdsGoods(order) ? { stock: 'released' } : null;
    case 'CancelOrder':
      return stage === 'cancelling' && !holdsGoods(order) ? { stage: 'cancelled' } : null;
    case 'SendMail':
      return null;
  }
};

/** The order after a step was run on it. Run twice it changes nothing the second time. */
export const orderAfter = (order: Situation, step: Step, luck: Luck): Situation => {
  if (step.name === 'SendMail') {
    const left = order.mailsDue.filter((kind) => kind !== step.mail);
    return left.length === order.mailsDue.length
      ? order
      : { ...order, mailsDue: left, revision: order.revision + 1 };
  }
  const change = changeBy(order, step, luck);
  return change === null ? order : after(order, change);
};

/** The order after its customer asked for its end: accepted until the goods are picked. */
export const orderAfterCancellation = (order: Situation): Situation => {
  const { stage, payment, fulfilment } = order;
  const closed =
    stage === 'cancelling' || stage === 'cancelled' || stage === 'rejected' || stage === 'completed';
  if (closed || fulfilment !== 'waiting') return order;
  const holds = holdsGoods(order) || payment === 'reserving' || payment === 'reserved';
  return after(order, { stage: holds ? 'cancelling' : 'cancelled' });
};
