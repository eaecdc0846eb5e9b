import { ListOpenWorkflowExecutionsCommand } from '@aws-sdk/client-swf';
import { orderIdOf } from '../../../adapters/swf/names.js';
import { openSwfClients } from '../../aws-clients/swf.js';

/** The domain in which local stacks run their orders. */
const domain = 'checkout';

/** Orders whose process is open at the workflow service of a local stack. */
export const openProcesses = async (swfUrl: string): Promise<ReadonlySet<string>> => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const clients = openSwfClients({ endpoint: swfUrl, region: 'eu-west-1', credentials, maxSockets: 1 });
  const open = new Set<string>();
  try {
    for (let nextPageToken: string | undefined; ;) {
      const page: Awaited<ReturnType<typeof list>> = await list(nextPageToken);
      for (const { execution } of page.executionInfos ?? []) {
        const orderId = orderIdOf(execution?.workflowId ?? '');
        if (orderId !== null) open.add(orderId);
      }
      if (page.nextPageToken === undefined) return open;
      nextPageToken = page.nextPageToken;
    }
  } finally {
    clients.close();
  }

  function list(nextPageToken: string | undefined) {
    const startTimeFilter = { oldestDate: new Date(0) };
    const asked = { domain, startTimeFilter, ...(nextPageToken === undefined ? {} : { nextPageToken }) };
    return clients.caller.send(new ListOpenWorkflowExecutionsCommand(asked));
  }
};
