import { mkdir } from 'node:fs/promises';
import { migrate } from '../../database/migrate.js';
import type { Scope } from '../../process/scope.js';
import { startCardProcessor } from '../card-processor/server.js';
import { startMailbox } from '../mailbox/server.js';
import { startPostgres } from '../postgres.js';
import { startSwfLocal } from '../swf/server.js';
import { dataDirectories, mailTopic } from './environment.js';
import { directoryOf, type StackLayout, urlOf } from './layout.js';
import type { StackSecrets } from './secrets.js';

const startDatabases = async (layout: StackLayout, scope: Scope) => {
  const postgres = await startPostgres({
    directory: directoryOf(layout, 'postgres'),
    port: layout.ports.postgres,
    databases: ['customers', 'orders'],
  });
  scope.onRelease(postgres.stop);
  await Promise.all(
    (['customers', 'orders'] as const).map((database) => migrate({ url: postgres.url(database), database })),
  );
  return postgres;
};

/**
 * Starts everything that in production somebody else runs: Postgres with both databases migrated, the workflow service,
 * the card processor, the mail service. All at once, for they do not know each other.
 */
export const startStandIns = async (
  layout: StackLayout,
  secrets: StackSecrets,
  scope: Scope,
): Promise<{ readonly databaseUrl: (database: string) => string }> => {
  await Promise.all(dataDirectories(layout).map((directory) => mkdir(directory, { recursive: true })));
  const started = await Promise.allSettled([
    startDatabases(layout, scope),
    startSwfLocal({ port: layout.ports.swf, dataDirectory: directoryOf(layout, 'swf') }).then((swf) =>
      scope.onRelease(() => swf.close()),
    ),
    startCardProcessor({
      port: layout.ports.processor,
      dataDirectory: directoryOf(layout, 'processor'),
      secretKey: secrets.processorKey,
      webhook: {
        url: `${urlOf(layout, 'web')}/webhooks/card-processor`,
        secret: secrets.processorWebhookSecret,
      },
      webhookTimes: { longestWaitMilliseconds: 5_000 },
    }).then((processor) => scope.onRelease(processor.close)),
    startMailbox({
      port: layout.ports.mailbox,
      dataDirectory: directoryOf(layout, 'mailbox'),
      notices: { endpoint: `${urlOf(layout, 'web')}/webhooks/mail-reports`, topicArn: mailTopic },
    }).then((mailbox) => scope.onRelease(mailbox.close)),
  ]);
  // All have settled, so that whatever was started can be released before the failure is told.
  for (const part of started) if (part.status === 'rejected') throw part.reason;
  const [postgres] = started;
  if (postgres.status === 'rejected') throw postgres.reason;
  return { databaseUrl: postgres.value.url };
};
