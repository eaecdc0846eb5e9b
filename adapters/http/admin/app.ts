// The administration of a process, on a loopback port: health and metrics for every process, the operator's endpoints
// for the one that has their key.
import { createHttpApp, type HttpObserver, type HttpSettings } from '../app.js';
import { operatorGuard } from '../credentials.js';
import { withDescription } from '../open-api.js';
import { type Operational, operationalEndpoints } from './operational.js';
import { orderChangeEndpoints, type OrderChangePorts } from './order-desk.js';
import { orderDeskEndpoints, type OrderDeskPorts } from './orders.js';
import { warehouseEndpoints, type WarehousePorts } from './stock.js';

/** All that the operator's endpoints need. */
export type AdminPorts = WarehousePorts & OrderDeskPorts & OrderChangePorts;

/** A receipt of some thousand articles is larger than anything the public sends. */
const receiptBytes = 1024 * 1024;

/** Health and metrics as a Koa application, for processes without an operator's surface. */
export const createOperationalApp = (
  operational: Operational,
  settings: HttpSettings,
  observer: HttpObserver,
) => createHttpApp(operationalEndpoints(operational), settings, observer);

/** Health, metrics and the operator's endpoints as a Koa application. */
export function createAdminApp(
  {
    ports,
    operatorKey,
    operational,
  }: {
    readonly ports: AdminPorts;
    readonly operatorKey: string;
    readonly operational: Operational;
  },
  settings: HttpSettings,
  observer: HttpObserver,
) {
  const guard = operatorGuard(operatorKey);
  const endpoints = withDescription('Checkout administration', settings.publicUrl, [
    ...operationalEndpoints(operational),
    ...warehouseEndpoints(ports, guard),
    ...orderDeskEndpoints(ports, guard),
    ...orderChangeEndpoints(ports, guard),
  ]);
  const bodyBytes = Math.max(settings.bodyBytes, receiptBytes);
  return createHttpApp(endpoints, { ...settings, bodyBytes }, observer);
}
