/**
 * Words of the machines inside, which are in no API, frame or stored value (a test looks): the build makes them short, even those that the DOM
 * has as well, for nothing here uses them of it.
 */
export const OWN = `ahead ask askAt asking authorized chance changed collection current deleteFailed discard discardToken drop effects emit env fail
  failed fate fetchToken forget frame give goodbyeMs happen holed holeTo keep keepPlace lanes linked maxBytes newId opened openedAt origin outgoing
  ping place probe probing queue queued recreatedTo refused removed renew renewAt restored retryAt settle succeed takeChanges tell timeline touched
  transmit tries verdict wakeAt wall wanted`.split(/\s+/);
