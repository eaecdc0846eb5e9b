// The states from left to right as the columns of the table, in groups.
import type { StateName } from '../../../support/histories.js';

/** Every state once; a blank of the table stands between two groups. */
export const stateGroups: ReadonlyArray<readonly StateName[]> = [
  ['none', 'placed', 'authenticated', 'validated', 'stockHeld'],
  ['reserving', 'reservationUnknown', 'authenticating'],
  ['declined', 'declinedSoft', 'declinedFixable', 'declinedAuthentication', 'declinedHard', 'declinedPolicy'],
  ['cardNamed', 'tryingOtherCard', 'noAttemptLeft'],
  ['reserved', 'committed', 'onHold'],
  [
    'renewing',
    'renewalUnknown',
    'renewalChallenged',
    'renewalDeclined',
    'renewalRefused',
    'renewed',
    'expired',
  ],
  ['released', 'releasedOnHold', 'picked', 'pickedShort', 'packed', 'packedShort', 'packedOnHold'],
  ['charging', 'chargeUnknown', 'chargeFailed', 'chargeFailedSoft', 'chargeFailedHard', 'chargeExpired'],
  ['charged', 'chargedOnHold', 'refunding', 'refundUnknown', 'refundFailed', 'partlyRefunded'],
  ['shipped', 'cancellationRefused', 'completed', 'delivered', 'disputed'],
  ['rejected', 'outOfStock'],
  ['cancellingValidated', 'cancellingReserving', 'cancellingReserved', 'cancellingAuthenticating'],
  ['cancellingRenewed', 'cancellingRenewalDeclined'],
  ['cancellingCommitted', 'cancellingVoided', 'cancellingFree'],
  ['allShort', 'cancellingPicked', 'cancellingPacked', 'cancellingCharging'],
  ['cancellingCharged', 'cancellingRefunded', 'cancellingPutBack'],
  ['cancelled', 'cancelledAfterCharge'],
];
