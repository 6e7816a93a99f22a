export { mountChain } from "./islands/chains";
