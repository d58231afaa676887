//! The addresses of the screens. Each screen's code is loaded when it is opened.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { queries } from "./api/queries";
import { meQuery } from "./api/session";
import { readAssetsSearch } from "./screens/assets/search";
import { readDevicesSearch } from "./screens/devices/search";
import { readDeviceSearch } from "./screens/device/search";
import { readQueueSearch } from "./screens/queue/search";

const root = createRootRoute({ component: Outlet, notFoundComponent: lazyRouteComponent(() => import("./screens/Nowhere"), "Nowhere") });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { back?: string } => (typeof search["back"] === "string" ? { back: search["back"] } : {}),
  component: lazyRouteComponent(() => import("./screens/sign-in/SignIn"), "SignIn"),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ location }) => {
    const me = await queries.ensureQueryData(meQuery).catch(() => undefined);
    if (!me?.second_factor) throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { back: location.href } });
  },
  component: lazyRouteComponent(() => import("./parts/shell/Shell"), "Shell"),
});

const queue = createRoute({
  getParentRoute: () => inside,
  path: "/",
  validateSearch: readQueueSearch,
  component: lazyRouteComponent(() => import("./screens/queue/Queue"), "Queue"),
});

const ticket = createRoute({
  getParentRoute: () => inside,
  path: "/tickets/$number",
  params: { parse: ({ number }) => ({ number: Number(number) }), stringify: ({ number }) => ({ number: String(number) }) },
  component: lazyRouteComponent(() => import("./screens/ticket/TicketScreen"), "TicketScreen"),
});

const call = createRoute({
  getParentRoute: () => inside,
  path: "/call",
  validateSearch: (search): { number?: string } => (search["number"] === undefined ? {} : { number: String(search["number"]) }),
  component: lazyRouteComponent(() => import("./screens/call/Call"), "Call"),
});

const devices = createRoute({
  getParentRoute: () => inside,
  path: "/devices",
  validateSearch: readDevicesSearch,
  component: lazyRouteComponent(() => import("./screens/devices/Devices"), "Devices"),
});

const newDevice = createRoute({
  getParentRoute: () => inside,
  path: "/devices/new",
  component: lazyRouteComponent(() => import("./screens/first/FirstDevice"), "FirstDevice"),
});

const device = createRoute({
  getParentRoute: () => inside,
  path: "/devices/$id",
  validateSearch: readDeviceSearch,
  component: lazyRouteComponent(() => import("./screens/device/DeviceScreen"), "DeviceScreen"),
});

const assets = createRoute({
  getParentRoute: () => inside,
  path: "/assets",
  validateSearch: readAssetsSearch,
  component: lazyRouteComponent(() => import("./screens/assets/Assets"), "Assets"),
});

const people = createRoute({
  getParentRoute: () => inside,
  path: "/people",
  validateSearch: (search): { search?: string } => (search["search"] === undefined ? {} : { search: String(search["search"]) }),
  component: lazyRouteComponent(() => import("./screens/people/People"), "People"),
});

const person = createRoute({
  getParentRoute: () => inside,
  path: "/people/$id",
  component: lazyRouteComponent(() => import("./screens/people/PersonScreen"), "PersonScreen"),
});

const admin = createRoute({
  getParentRoute: () => inside,
  path: "/admin",
  component: lazyRouteComponent(() => import("./screens/admin/AdminFrame"), "AdminFrame"),
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
  component: lazyRouteComponent(() => import("./screens/admin/sites/Sites"), "Sites"),
});

const accounts = createRoute({
  getParentRoute: () => admin,
  path: "/accounts",
  component: lazyRouteComponent(() => import("./screens/admin/accounts/Accounts"), "Accounts"),
});

const policies = createRoute({
  getParentRoute: () => admin,
  path: "/policies",
  component: lazyRouteComponent(() => import("./screens/admin/policies/Policies"), "Policies"),
});

const sla = createRoute({
  getParentRoute: () => admin,
  path: "/sla",
  component: lazyRouteComponent(() => import("./screens/admin/sla/Sla"), "Sla"),
});

const replies = createRoute({
  getParentRoute: () => admin,
  path: "/replies",
  component: lazyRouteComponent(() => import("./screens/admin/replies/Replies"), "Replies"),
});

const webhooks = createRoute({
  getParentRoute: () => admin,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./screens/admin/webhooks/Webhooks"), "Webhooks"),
});

const maintenance = createRoute({
  getParentRoute: () => admin,
  path: "/maintenance",
  component: lazyRouteComponent(() => import("./screens/admin/maintenance/Maintenance"), "Maintenance"),
});

const escalation = createRoute({
  getParentRoute: () => admin,
  path: "/escalation",
  component: lazyRouteComponent(() => import("./screens/admin/escalation/Escalation"), "Escalation"),
});

const audit = createRoute({
  getParentRoute: () => admin,
  path: "/audit",
  component: lazyRouteComponent(() => import("./screens/admin/audit/Audit"), "Audit"),
});

const administration = admin.addChildren([adminIndex, sites, accounts, policies, maintenance, sla, escalation, replies, webhooks, audit]);

export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren([queue, ticket, call, devices, newDevice, device, assets, people, person, administration])]),
  defaultPreload: "intent",
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
