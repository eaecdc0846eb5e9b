import * as E from 'fp-ts/lib/Either.js';
import { registerTypes } from '../../adapters/swf/registration.js';
import { absurd } from '../../domain/brand.js';
import type { ValuesOf } from '../config/setting.js';
import type { allSettings } from '../config/settings.js';
import { type RoleContext, type StartedRole, StartUpFailure } from '../process/role.js';
import { deciderRole } from './decider.js';
import { floorRole } from './floor.js';
import type { RoleName } from './names.js';
import { projectorRole } from './projector.js';
import { starterRole } from './starter.js';
import { webRole } from './web.js';
import { workerRole } from './worker.js';
import { swfClients } from './workflow.js';

type AllValues = ValuesOf<typeof allSettings>;

/** Days that the workflow service keeps the history of an ended order. */
const retentionDays = 30;

const register = async (values: AllValues, { scope }: RoleContext): Promise<void> => {
  const { caller } = await swfClients(scope, values);
  const registered = await registerTypes(caller, {
    domain: values.CHECKOUT_SWF_DOMAIN,
    site: values.CHECKOUT_SITE,
    retentionDays,
  })();
  if (E.isLeft(registered)) {
    throw new StartUpFailure(`the workflow service cannot be asked: ${registered.left.reason}`);
  }
};

const startRole = (name: RoleName, values: AllValues, context: RoleContext): Promise<StartedRole> => {
  switch (name) {
    case 'web':
      return webRole.start(values, context);
    case 'floor':
      return floorRole.start(values, context);
    case 'projector':
      return projectorRole.start(values, context);
    case 'starter':
      return starterRole.start(values, context);
    case 'decider':
      return deciderRole.start(values, context);
    case 'worker':
      return workerRole.start(values, context);
    default:
      return absurd(name);
  }
};

/** Starts these roles in this process, sharing pools and clients, after the workflow types are registered. */
export const startRoles = async (
  names: readonly RoleName[],
  values: AllValues,
  context: RoleContext,
): Promise<StartedRole> => {
  await register(values, context);
  const roles = await Promise.all(names.map((name) => startRole(name, values, context)));
  return {
    run: async (stop) => {
      await Promise.all(roles.map((role) => role.run(stop)));
    },
  };
};
