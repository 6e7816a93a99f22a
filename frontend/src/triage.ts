export { mountTriage } from "./islands/triage";
