/** The roles, in the order of an order's way through them. Also the names of their entry points. */
export const roleNames = ['web', 'floor', 'projector', 'starter', 'decider', 'worker'] as const;

/** One of the roles. */
export type RoleName = (typeof roleNames)[number];

/** True for the name of a role. */
export const isRoleName = (text: string): text is RoleName => roleNames.some((name) => name === text);
