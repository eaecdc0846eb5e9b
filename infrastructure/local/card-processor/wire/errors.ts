import type { Json } from './json.js';

/** An error answer of the API: HTTP status and the fields of its `error` object. */
export interface ApiError {
  readonly status: number;
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  readonly declineCode?: string;
  readonly adviceCode?: string;
  readonly networkDeclineCode?: string;
  readonly charge?: string;
  readonly paymentIntent?: Json;
  readonly paymentMethod?: Json;
}

/** The JSON body of an error answer. */
export function errorBody(error: ApiError): Json {
  return {
    error: {
      ...(error.adviceCode === undefined ? {} : { advice_code: error.adviceCode }),
      ...(error.charge === undefined ? {} : { charge: error.charge }),
      ...(error.code === undefined
        ? {}
        : {
            code: error.code,
            doc_url: `https://stripe.com/docs/error-codes/${error.code.replaceAll('_', '-')}`,
          }),
      ...(error.declineCode === undefined ? {} : { decline_code: error.declineCode }),
      message: error.message,
      ...(error.networkDeclineCode === undefined ? {} : { network_decline_code: error.networkDeclineCode }),
      ...(error.param === undefined ? {} : { param: error.param }),
      ...(error.paymentIntent === undefined ? {} : { payment_intent: error.paymentIntent }),
      ...(error.paymentMethod === undefined ? {} : { payment_method: error.paymentMethod }),
      type: error.type,
    },
  };
}

/** A request that cannot be right as it stands (400 unless told). */
export function invalidRequest(
  message: string,
  details: { readonly code?: string; readonly param?: string; readonly status?: number } = {},
): ApiError {
  const { status = 400, ...rest } = details;
  return { status, type: 'invalid_request_error', message, ...rest };
}

/** 404 for an object that does not exist (`code` resource_missing). */
export function missing(kind: string, id: string, param: string): ApiError {
  return invalidRequest(`There is no ${kind} with the id '${id}'`, {
    status: 404,
    code: 'resource_missing',
    param,
  });
}
