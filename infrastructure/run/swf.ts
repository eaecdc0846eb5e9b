import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readPolicies } from '../local/swf/options/authorisation/policy-file.js';
import { readFaults } from '../local/swf/options/faults/control.js';
import { awsQuotas } from '../local/swf/options/quotas/aws.js';
import { startSwfLocal } from '../local/swf/server.js';

const help = `SWF Local: a server on this machine that speaks Amazon SWF's protocol.

Usage: npm run swf -- [options]

  --port N           where to listen (default 8080; 0 lets the system choose)
  --host H           address to listen on (default 127.0.0.1)
  --data-dir D       folder of the journal (default .local/swf); state survives restarts
  --compact-after N  rewrite the journal when N events in it are of no use any more (default 20000)
  --in-memory        keep nothing; POST /_local/reset empties the server
  --poll-seconds S   how long a long poll is held (default 60)
  --account A        twelve digits, shown in ARNs (default 123456789012)
  --quotas aws       throttle calls and decisions at the rates of the real service
  --faults FILE      JSON: what goes wrong; POST /_local/faults adds more while running
  --policies FILE    JSON: IAM policy documents by access key id; without it everything is allowed
  --help             this text

Point a client at it with endpoint http://127.0.0.1:8080, any region and any credentials.
`;

const options = {
  port: { type: 'string', default: '8080' },
  host: { type: 'string', default: '127.0.0.1' },
  'data-dir': { type: 'string' },
  'compact-after': { type: 'string', default: '20000' },
  'in-memory': { type: 'boolean', default: false },
  'poll-seconds': { type: 'string', default: '60' },
  account: { type: 'string', default: '123456789012' },
  quotas: { type: 'string' },
  faults: { type: 'string' },
  policies: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

async function run(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (values['in-memory'] && values['data-dir'] !== undefined) {
    throw new Error('--in-memory and --data-dir exclude each other');
  }
  if (!/^\d{12}$/.test(values.account)) throw new Error('--account must be twelve digits');
  if (values.quotas !== undefined && values.quotas !== 'aws') throw new Error('--quotas knows only aws');
  const server = await startSwfLocal({
    ...(values.quotas === undefined ? {} : { quotas: awsQuotas }),
    ...(values.faults === undefined ? {} : { faults: await readFaults(values.faults) }),
    ...(values.policies === undefined ? {} : { policies: await readPolicies(values.policies) }),
    host: values.host,
    port: whole('--port', values.port, 65_535),
    dataDirectory: values['in-memory'] ? null : (values['data-dir'] ?? '.local/swf'),
    pollSeconds: whole('--poll-seconds', values['poll-seconds'], 3600),
    account: values.account,
    compactAfter: whole('--compact-after', values['compact-after'], Number.MAX_SAFE_INTEGER),
    log: pino({ name: 'swf' }),
  });
  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) throw new Error(`${name} must be a whole number up to ${most}`);
  return value;
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  process.stderr.write(`swf: ${taken ? `--port is taken: ${reason}` : reason}\n`);
  process.exit(1);
}

run().catch(fail);
