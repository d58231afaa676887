import type { Device } from "../../api/devices";
import type { Ticket } from "../../api/tickets";
import type { Wanted } from "../ticket/action/wanted";
import type { DeviceSearch } from "./search";

/** What each part of a device's screen is given. */
export interface TabProps {
  device: Device;
  /** What is asked of the device is asked for it. */
  ticket: Ticket | undefined;
  search: DeviceSearch;
  /** Changes the address; `without` are taken out of it. */
  set: (part: DeviceSearch, without?: readonly (keyof DeviceSearch)[]) => void;
  /** Begins an action; where there is no ticket yet, one is chosen first. */
  want: (wanted: Wanted) => void;
}
