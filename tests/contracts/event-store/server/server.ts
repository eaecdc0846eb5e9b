// An EventStoreDB node for tests: the services that its Node client calls, over gRPC, in memory.
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { handleAppend, handleBatchAppend } from './appends.js';
import { createEventLog, type EventLog } from './event-log.js';
import { createFaults, type Faults } from './faults.js';
import { type Gate, openGate } from './gate.js';
import { handleRead } from './reads.js';
import { refusalOf } from './statuses.js';

/** A running node. */
export type EventStoreServer = {
  /** The connection text for the client. */
  readonly url: string;
  readonly log: EventLog;
  readonly faults: Faults;
  /** The network in front of it. */
  readonly gate: Gate;
  readonly stop: () => Promise<void>;
};

type SupportedMethods = InstanceType<typeof features.SupportedMethods>;

const supported = (methods: readonly string[]): SupportedMethods => {
  const answer = new features.SupportedMethods();
  answer.setEventStoreServerVersion('23.10.0');
  for (const name of methods) {
    const method = new features.SupportedMethod();
    method.setServiceName('event_store.client.streams.streams');
    method.setMethodName(name);
    answer.addMethods(method);
  }
  return answer;
};

const getSupportedMethods =
  (
    faults: Faults,
    methods: readonly string[],
  ): handleUnaryCall<InstanceType<typeof shared.Empty>, SupportedMethods> =>
  (_, answer) => {
    const fault = faults.take('features');
    const refusal = fault === null ? null : refusalOf(fault);
    if (refusal !== null) return answer(refusal);
    if (fault?.type === 'silent_before') return;
    answer(null, supported(methods));
  };

/**
 * Starts a node on a free port of 127.0.0.1, empty but for its own statistics. Without `batchAppend` it is an older
 * version, and the client makes a call for each append.
 */
export const startEventStoreServer = async (
  options: { readonly batchAppend?: boolean; readonly port?: number } = {},
): Promise<EventStoreServer> => {
  const log = createEventLog();
  const faults = createFaults();
  const door: { gate: Gate | null } = { gate: null };
  const cut = (): void => door.gate?.cut();
  const parts = { log, faults, cut };
  const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  server.addService(StreamsService, {
    read: handleRead(parts),
    append: handleAppend(parts),
    batchAppend: handleBatchAppend(parts),
  });
  const methods = ['read', 'append', ...(options.batchAppend === false ? [] : ['batchappend'])];
  server.addService(ServerFeaturesService, { getSupportedMethods: getSupportedMethods(faults, methods) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (failure, bound) => {
      if (failure === null) resolve(bound);
      else reject(failure);
    });
  });
  const gate = await openGate(port, options.port ?? 0);
  door.gate = gate;
  return {
    url: `esdb://127.0.0.1:${String(gate.port)}?tls=false`,
    log,
    faults,
    gate,
    stop: async () => {
      await gate.close();
      server.forceShutdown();
    },
  };
};
