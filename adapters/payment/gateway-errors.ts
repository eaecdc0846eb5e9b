import type { GatewayError } from '../../application/ports/payment-gateway.js';

/** Surely nothing happened. */
export const nothingHappened = (reason: string): GatewayError => ({ type: 'nothing_happened', reason });

/** It may have happened. */
export const outcomeUnknown = (reason: string): GatewayError => ({ type: 'outcome_unknown', reason });
