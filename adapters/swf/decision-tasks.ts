// The port DecisionTasks over Amazon SWF (API of 2012-01-25). Hard here: a long history comes in pages, and must be
// whole before anything may be decided from it.
import {
  type HistoryEvent,
  PollForDecisionTaskCommand,
  RespondDecisionTaskCompletedCommand,
  type SWFClient,
} from '@aws-sdk/client-swf';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  type DecisionTask,
  type DecisionTasks,
  isTaskToken,
} from '../../application/ports/workflow/process-tasks.js';
import type { Observer } from '../../application/ports/observer.js';
import type { Due } from '../../domain/process/due.js';
import type { ProcessFact } from '../../domain/process/facts.js';
import { factsFromHistory } from './from-history.js';
import { identityOf, letPollsWaitFor, type PollSettings, unlessStopping } from './long-poll.js';
import { decisionList } from './names.js';
import { encodeContext } from './payloads.js';
import { diverges, hashOfDue, lastDecision } from './replay.js';
import { isClosedWork, toServiceError } from './service-errors.js';
import { toDecisions } from './to-decisions.js';

/** Two clients, so that answers never queue behind open polls; neither is closed here. */
export type DecisionClients = { readonly poller: SWFClient; readonly caller: SWFClient };

/** `pageLength`: events per page of a long history, 1 to 1,000; SWF's own 1,000 when absent. */
export type DecisionSettings = PollSettings & { readonly pageLength?: number };

/** How decisions are made again, and who is told when one comes out differently (`decision_not_reproduced`). */
export type ReplayCheck = {
  readonly decide: (facts: readonly ProcessFact[]) => readonly Due[];
  readonly observer: Observer;
};

/** The decider's side of SWF. */
export const createDecisionTasks = (
  { poller, caller }: DecisionClients,
  settings: DecisionSettings,
  check: ReplayCheck,
): DecisionTasks => {
  const { domain, site, stopping } = settings;
  letPollsWaitFor(stopping);
  const source = { domain, taskList: { name: decisionList }, maximumPageSize: settings.pageLength ?? 1000 };

  const laterPages = async (identity: string, firstToken: string): Promise<readonly HistoryEvent[]> => {
    const events: HistoryEvent[] = [];
    let nextPageToken: string | undefined = firstToken;
    while (nextPageToken !== undefined && nextPageToken !== '') {
      const page: {
        readonly events?: HistoryEvent[] | undefined;
        readonly nextPageToken?: string | undefined;
      } = await caller.send(new PollForDecisionTaskCommand({ ...source, identity, nextPageToken }));
      events.push(...(page.events ?? []));
      nextPageToken = page.nextPageToken;
    }
    return events;
  };

  const poll = async (name: string): Promise<DecisionTask | null> => {
    const identity = identityOf(name);
    const first = await unlessStopping(stopping, () =>
      poller.send(new PollForDecisionTaskCommand({ ...source, identity }), { abortSignal: stopping }),
    );
    const token = first?.taskToken ?? '';
    if (first === null || !isTaskToken(token)) return null;
    const more = first.nextPageToken === undefined ? [] : await laterPages(identity, first.nextPageToken);
    const events = [...(first.events ?? []), ...more];
    const workflowId = first.workflowExecution?.workflowId ?? '';
    const past = lastDecision(events);
    const decidedFacts = past === null ? [] : factsFromHistory(past.before);
    if (past !== null && diverges(past.context, check.decide(decidedFacts))) {
      check.observer.observe({ type: 'decision_not_reproduced', workflowId });
    }
    return {
      token,
      workflowId,
      facts: factsFromHistory(events),
      decidedFacts: decidedFacts.length,
      lastContext: past?.context?.note ?? null,
    };
  };

  return {
    poll: (identity) => TE.tryCatch(() => poll(identity), toServiceError),
    respond: (taskToken, due, context) =>
      TE.tryCatch(async () => {
        try {
          await caller.send(
            new RespondDecisionTaskCompletedCommand({
              taskToken,
              decisions: toDecisions(due, site),
              executionContext: encodeContext({ note: context, decisions: hashOfDue(due) }),
            }),
          );
          return 'accepted';
        } catch (error) {
          if (isClosedWork(error)) return 'gone';
          throw error;
        }
      }, toServiceError),
  };
};
