import { invalidRequest, type ApiError } from '../wire/errors.js';
import { confirmIntent, createIntent } from './intents.js';
import type { Operation } from './operation.js';
import { createPaymentMethod } from './payment-methods.js';
import { list, retrieve, searchIntents } from './reading.js';
import { createRefund } from './refunds.js';
import { cancelIntent, captureIntent } from './settlement.js';

/** The operation that a method and path ask for, or why there is none (404). */
export function operationFor(method: string, path: string): Operation | ApiError {
  const [version, resource, id, action, ...more] = path.split('/').filter((part) => part !== '');
  const found = version === 'v1' && more.length === 0 ? find(method, resource ?? '', id, action) : null;
  return found ?? invalidRequest(`Unrecognized request URL (${method}: ${path})`, { status: 404 });
}

function find(
  method: string,
  resource: string,
  id: string | undefined,
  action: string | undefined,
): Operation | null {
  const route = `${method} ${resource}${id === undefined ? '' : '/:id'}${action === undefined ? '' : `/${action}`}`;
  const name = decodeURIComponentSafely(id ?? '');
  switch (route) {
    case 'POST payment_intents':
      return createIntent;
    case 'GET payment_intents':
      return list('payment_intent', []);
    case 'GET payment_intents/:id':
      return name === 'search' ? searchIntents : retrieve('payment_intent', name, 'payment_intent');
    case 'POST payment_intents/:id/confirm':
      return confirmIntent(name);
    case 'POST payment_intents/:id/capture':
      return captureIntent(name);
    case 'POST payment_intents/:id/cancel':
      return cancelIntent(name);
    case 'POST refunds':
      return createRefund;
    case 'GET refunds':
      return list('refund', ['payment_intent', 'charge']);
    case 'GET refunds/:id':
      return retrieve('refund', name, 'refund');
    case 'GET charges':
      return list('charge', ['payment_intent']);
    case 'GET charges/:id':
      return retrieve('charge', name, 'charge');
    case 'GET disputes':
      return list('dispute', ['payment_intent', 'charge']);
    case 'GET disputes/:id':
      return retrieve('dispute', name, 'dispute');
    case 'POST payment_methods':
      return createPaymentMethod;
    case 'GET payment_methods/:id':
      return retrieve('payment_method', name, 'PaymentMethod');
    default:
      return null;
  }
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
