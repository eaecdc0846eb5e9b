// The port StepTasks over Amazon SWF (API of 2012-01-25). Hard here: a task that was handed out and cannot be read must
// be answered all the same, or it blocks its order until it times out.
import {
  type ActivityTask,
  PollForActivityTaskCommand,
  RecordActivityTaskHeartbeatCommand,
  RespondActivityTaskCanceledCommand,
  RespondActivityTaskCompletedCommand,
  RespondActivityTaskFailedCommand,
  type SWFClient,
} from '@aws-sdk/client-swf';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ProcessServiceError } from '../../application/ports/workflow/order-processes.js';
import {
  isTaskToken,
  type StepTask,
  type StepTasks,
  type TaskAnswer,
  type TaskToken,
} from '../../application/ports/workflow/process-tasks.js';
import { groupOf, runKey, type WorkerGroup } from '../../domain/process/steps.js';
import { identityOf, letPollsWaitFor, type PollSettings, unlessStopping } from './long-poll.js';
import { orderIdOf, stepList } from './names.js';
import { decodeActivityInput, encodeFailure, encodeSituation } from './payloads.js';
import { isClosedWork, toServiceError } from './service-errors.js';

/** Two clients, so that answers and signs of life never queue behind open polls; neither is closed here. */
export type StepClients = { readonly poller: SWFClient; readonly caller: SWFClient };

/** What SWF gave out, as a step of an order; or why it cannot be one. */
const readTask = (task: ActivityTask, token: TaskToken, group: WorkerGroup): E.Either<string, StepTask> => {
  const orderId = orderIdOf(task.workflowExecution?.workflowId ?? '');
  if (orderId === null) return E.left('the workflow is not of an order');
  const input = decodeActivityInput(task.input);
  if (E.isLeft(input)) return E.left(`the input was not understood: ${input.left.expected.join(', ')}`);
  const { step, run } = input.right;
  if (task.activityId !== runKey(step, run))
    return E.left('the input and the activity id name different runs');
  if (groupOf[step.name] !== group) return E.left(`the step is not done by the group ${group}`);
  return E.right({ token, orderId, step, run });
};

const answer = (call: () => Promise<unknown>): TE.TaskEither<ProcessServiceError, TaskAnswer> =>
  TE.tryCatch(async () => {
    try {
      await call();
      return 'accepted';
    } catch (error) {
      if (isClosedWork(error)) return 'gone';
      throw error;
    }
  }, toServiceError);

/** The workers' side of SWF. */
export const createStepTasks = (
  { poller, caller }: StepClients,
  { domain, site, stopping }: PollSettings,
): StepTasks => {
  letPollsWaitFor(stopping);
  const failed = (taskToken: TaskToken, reason: string): TE.TaskEither<ProcessServiceError, TaskAnswer> =>
    answer(() =>
      caller.send(
        new RespondActivityTaskFailedCommand({
          taskToken,
          reason: 'step_not_done',
          details: encodeFailure(reason),
        }),
      ),
    );

  const poll = (
    group: WorkerGroup,
    identity: string,
  ): TE.TaskEither<ProcessServiceError, StepTask | null> => {
    const command = new PollForActivityTaskCommand({
      domain,
      taskList: { name: stepList(group, site) },
      identity: identityOf(identity),
    });
    const given = TE.tryCatch(
      () => unlessStopping(stopping, () => poller.send(command, { abortSignal: stopping })),
      toServiceError,
    );
    return TE.chain((task: ActivityTask | null): TE.TaskEither<ProcessServiceError, StepTask | null> => {
      const token = task?.taskToken ?? '';
      if (task === null || !isTaskToken(token)) return TE.right(null);
      const read = readTask(task, token, group);
      if (E.isRight(read)) return TE.right(read.right);
      return TE.map(() => null)(failed(token, read.left));
    })(given);
  };

  return {
    poll,
    done: (taskToken, situation) =>
      answer(() =>
        caller.send(
          new RespondActivityTaskCompletedCommand({ taskToken, result: encodeSituation(situation) }),
        ),
      ),
    failed,
    withdrawn: (taskToken) =>
      answer(() => caller.send(new RespondActivityTaskCanceledCommand({ taskToken }))),
    beat: (taskToken) =>
      TE.tryCatch(async () => {
        try {
          const status = await caller.send(new RecordActivityTaskHeartbeatCommand({ taskToken }));
          return status.cancelRequested === true ? 'withdraw' : 'go_on';
        } catch (error) {
          if (isClosedWork(error)) return 'gone';
          throw error;
        }
      }, toServiceError),
  };
};
