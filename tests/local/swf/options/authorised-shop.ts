import { policiesOf } from '../../../../infrastructure/local/swf/options/authorisation/policy-file.js';
import { domain, registerShop, shopWords } from '../support/world.js';
import { account, clientAs, region, serverWith } from './room.js';

/** A policy that allows everything. */
export const everything = { Statement: { Effect: 'Allow', Action: 'swf:*', Resource: '*' } };
/** The resource of the shop's domain. */
export const shop = `arn:aws:swf:${region}:${account}:/domain/${domain}`;

/** A shop in which `admin` may do everything, and `worker` what the statements say. */
export async function shopFor(...statements: readonly unknown[]) {
  const policies = policiesOf({ admin: everything, worker: [{ Statement: statements }] });
  const { url, clock } = await serverWith({ policies });
  const admin = clientAs(url, 'admin');
  await registerShop(admin);
  return { url, clock, admin: shopWords(admin), worker: clientAs(url, 'worker') };
}

/** What a statement in the shop's domain allows. */
export function allow(action: string | readonly string[], condition?: unknown) {
  const rest = condition === undefined ? {} : { Condition: condition };
  return { Effect: 'Allow', Action: action, Resource: shop, ...rest };
}

/** Whether a call is carried out; fails when it is refused for another reason than rights. */
export async function allowed(call: Promise<unknown>): Promise<boolean> {
  const outcome = await call.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.name : 'none'),
  );
  if (outcome !== 'done' && outcome !== 'AccessDeniedException') throw new Error(outcome);
  return outcome === 'done';
}
