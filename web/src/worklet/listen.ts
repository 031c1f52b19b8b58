// Listening to the node in the browser. One file for two scopes: the audio worklet that plays, and the worker that
// receives.
import { register } from "./processor";
import { ReceiverScope, receive } from "./receiver";

if (typeof registerProcessor === "function") {
    register();
} else {
    const scope = self as unknown as ReceiverScope;
    // A socket that the policy forbids tells of nothing else.
    self.addEventListener("securitypolicyviolation", () => scope.postMessage({ type: "forbidden" }));
    receive(scope);
}
