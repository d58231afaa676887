//! The connection's state for components.

import { useSyncExternalStore } from "react";
import { connection, type Connection } from "./connection";

export function useConnection(): Connection {
  return useSyncExternalStore(connection.subscribe, connection.read);
}
