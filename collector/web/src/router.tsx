//! The addresses of the screens. Each screen's code is loaded when it is opened.

import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { queries } from "./api/queries";
import { meQuery } from "./api/session";
import { Broken } from "./parts/Broken";
import { late } from "./parts/late";
import { readAssetsSearch } from "./screens/assets/search";
import { readDevicesSearch } from "./screens/devices/search";
import { readDeviceSearch } from "./screens/device/search";
import { readQueueSearch } from "./screens/queue/search";

const root = createRootRoute({ component: Outlet, notFoundComponent: late(() => import("./screens/Nowhere"), "Nowhere") });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { back?: string } => (typeof search["back"] === "string" ? { back: search["back"] } : {}),
  component: late(() => import("./screens/sign-in/SignIn"), "SignIn"),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ location }) => {
    const me = await queries.ensureQueryData(meQuery).catch(() => undefined);
    if (!me?.second_factor) throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { back: location.href } });
  },
  component: late(() => import("./parts/shell/Shell"), "Shell"),
});

const queue = createRoute({
  getParentRoute: () => inside,
  path: "/",
  validateSearch: readQueueSearch,
  component: late(() => import("./screens/queue/Queue"), "Queue"),
});

const ticket = createRoute({
  getParentRoute: () => inside,
  path: "/tickets/$number",
  params: { parse: ({ number }) => ({ number: Number(number) }), stringify: ({ number }) => ({ number: String(number) }) },
  component: late(() => import("./screens/ticket/TicketScreen"), "TicketScreen"),
});

const call = createRoute({
  getParentRoute: () => inside,
  path: "/call",
  validateSearch: (search): { number?: string } => (search["number"] === undefined ? {} : { number: String(search["number"]) }),
  component: late(() => import("./screens/call/Call"), "Call"),
});

const devices = createRoute({
  getParentRoute: () => inside,
  path: "/devices",
  validateSearch: readDevicesSearch,
  component: late(() => import("./screens/devices/Devices"), "Devices"),
});

const newDevice = createRoute({
  getParentRoute: () => inside,
  path: "/devices/new",
  component: late(() => import("./screens/first/FirstDevice"), "FirstDevice"),
});

const device = createRoute({
  getParentRoute: () => inside,
  path: "/devices/$id",
  validateSearch: readDeviceSearch,
  component: late(() => import("./screens/device/DeviceScreen"), "DeviceScreen"),
});

const assets = createRoute({
  getParentRoute: () => inside,
  path: "/assets",
  validateSearch: readAssetsSearch,
  component: late(() => import("./screens/assets/Assets"), "Assets"),
});

const people = createRoute({
  getParentRoute: () => inside,
  path: "/people",
  validateSearch: (search): { search?: string } => (search["search"] === undefined ? {} : { search: String(search["search"]) }),
  component: late(() => import("./screens/people/People"), "People"),
});

const person = createRoute({
  getParentRoute: () => inside,
  path: "/people/$id",
  component: late(() => import("./screens/people/PersonScreen"), "PersonScreen"),
});

const admin = createRoute({
  getParentRoute: () => inside,
  path: "/admin",
  component: late(() => import("./screens/admin/AdminFrame"), "AdminFrame"),
});

const adminIndex = createRoute({
  getParentRoute: () => admin,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/sites" });
  },
});

const sites = createRoute({
  getParentRoute: () => admin,
  path: "/sites",
  component: late(() => import("./screens/admin/sites/Sites"), "Sites"),
});

const accounts = createRoute({
  getParentRoute: () => admin,
  path: "/accounts",
  component: late(() => import("./screens/admin/accounts/Accounts"), "Accounts"),
});

const policies = createRoute({
  getParentRoute: () => admin,
  path: "/policies",
  component: late(() => import("./screens/admin/policies/Policies"), "Policies"),
});

const sla = createRoute({
  getParentRoute: () => admin,
  path: "/sla",
  component: late(() => import("./screens/admin/sla/Sla"), "Sla"),
});

const replies = createRoute({
  getParentRoute: () => admin,
  path: "/replies",
  component: late(() => import("./screens/admin/replies/Replies"), "Replies"),
});

const webhooks = createRoute({
  getParentRoute: () => admin,
  path: "/webhooks",
  component: late(() => import("./screens/admin/webhooks/Webhooks"), "Webhooks"),
});

const maintenance = createRoute({
  getParentRoute: () => admin,
  path: "/maintenance",
  component: late(() => import("./screens/admin/maintenance/Maintenance"), "Maintenance"),
});

const escalation = createRoute({
  getParentRoute: () => admin,
  path: "/escalation",
  component: late(() => import("./screens/admin/escalation/Escalation"), "Escalation"),
});

const audit = createRoute({
  getParentRoute: () => admin,
  path: "/audit",
  component: late(() => import("./screens/admin/audit/Audit"), "Audit"),
});

const administration = admin.addChildren([adminIndex, sites, accounts, policies, maintenance, sla, escalation, replies, webhooks, audit]);

export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren([queue, ticket, call, devices, newDevice, device, assets, people, person, administration])]),
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
  defaultPendingMs: 300,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** To the door, and back to where one was after it. */
export function leave(): void {
  if (router.state.location.pathname === "/sign-in") return;
  const back = router.state.location.href;
  queries.clear();
  void router.navigate({ to: "/sign-in", search: back === "/" ? {} : { back } });
}
