import type { Change } from './records.js';
import type { Answer, Operation, Question } from './rules/operation.js';
import { errorBody, type ApiError } from './wire/errors.js';
import type { Json } from './wire/json.js';
import { renderObject, type Expansion, type Place } from './answers/objects.js';
import { valuesOf } from './wire/parameter-reader.js';
import type { ParameterTree } from './wire/parameters.js';
import { viewOf, type View } from './answers/view.js';

/** What a request changes and what it is answered with. `began` is false when nothing may be remembered of it. */
export interface Decision {
  readonly began: boolean;
  readonly changes: readonly Change[];
  readonly status: number;
  readonly body: string;
}

/** Decides one request. Pure: the same state, time, ids and parameters give the same decision. */
export function decide(operation: Operation, question: Question, place: Place, path: string): Decision {
  const outcome = operation(question);
  if (outcome.type === 'Invalid') return refusal(outcome.error);
  const view = viewOf(question.state, outcome.changes);
  const expand = expansionOf(question.parameters);
  if (outcome.type === 'Done')
    return {
      began: true,
      changes: outcome.changes,
      status: 200,
      body: JSON.stringify(answerBody(view, place, outcome.answer, expand, path)),
    };
  const { error, intent, paymentMethod } = outcome;
  const shown: ApiError = {
    ...error,
    ...(intent === null
      ? {}
      : { paymentIntent: renderObject(view, place, 'payment_intent', intent, expand) }),
    ...(paymentMethod === null
      ? {}
      : { paymentMethod: renderObject(view, place, 'payment_method', paymentMethod, []) }),
  };
  return {
    began: true,
    changes: outcome.changes,
    status: error.status,
    body: JSON.stringify(errorBody(shown)),
  };
}

/** An error answer that leaves no trace. */
export function refusal(error: ApiError): Decision {
  return { began: false, changes: [], status: error.status, body: JSON.stringify(errorBody(error)) };
}

function answerBody(view: View, place: Place, answer: Answer, expand: Expansion, path: string): Json {
  if (answer.type === 'Object') return renderObject(view, place, answer.kind, answer.id, expand);
  const inner = expand.filter((name) => name.startsWith('data.')).map((name) => name.slice('data.'.length));
  const data = answer.ids.map((id) => renderObject(view, place, answer.kind, id, inner));
  if (answer.type === 'List') return { object: 'list', data, has_more: answer.hasMore, url: path };
  return {
    object: 'search_result',
    data,
    has_more: answer.nextPage !== null,
    next_page: answer.nextPage,
    url: path,
  };
}

function expansionOf(parameters: ParameterTree): Expansion {
  const expand = parameters.get('expand');
  return expand === undefined || typeof expand === 'string' ? [] : valuesOf(expand);
}
