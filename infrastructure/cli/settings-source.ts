import { readSecrets } from '../local/stack/secrets.js';
import { layoutOf } from '../local/stack/layout.js';
import { roleEnvironment } from '../local/stack/environment.js';
import { runningStack } from '../local/stack/stack-file.js';

/**
 * The environment in which a command runs: as it is when it names a database; otherwise that of the local stack which
 * runs on the folder, so that commands on a developer's machine need no settings.
 */
export const commandEnvironment = async (
  environment: NodeJS.ProcessEnv,
  directory: string,
): Promise<NodeJS.ProcessEnv> => {
  if (environment['CHECKOUT_ORDERS_DATABASE_URL'] !== undefined) return environment;
  const stack = await runningStack(directory);
  const secrets = await readSecrets(directory);
  if (stack === null || secrets === null) return environment;
  const layout = layoutOf(Number(new URL(stack.webUrl).port), directory);
  const databaseUrl = (database: string): string =>
    database === 'customers' ? stack.customersDatabaseUrl : stack.ordersDatabaseUrl;
  // A profile of the machine's own would be asked for credentials before those of the stack.
  return {
    ...environment,
    ...roleEnvironment(layout, secrets, databaseUrl, environment),
    CHECKOUT_EVENT_STORE: stack.eventStore,
    AWS_PROFILE: undefined,
  };
};
