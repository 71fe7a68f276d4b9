/** Names and addresses that only this machine can reach, as in `Host` headers and in `HOST`. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|::ffff:127(?:\.\d{1,3}){3})$/i;

/** Whether a host name, or an IP address with or without brackets, stands for this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
