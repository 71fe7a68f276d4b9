import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { lacks } from '../support/lacks.ts';

const NGINX = '/usr/sbin/nginx';
const SHIPPED = new URL('../../deploy/nginx/runs-gateway.conf', import.meta.url);

export const lacksNginx = (): boolean => lacks(NGINX, 'Debian has it in the package nginx-light');

export interface Nginx extends AsyncDisposable {
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string;
}

interface NginxOptions {
  /** The ports of three replicas on loopback. */
  readonly ports: readonly number[];
  /** Instead of 35. */
  readonly readTimeoutSeconds?: number;
}

/** Starts nginx with the file that is shipped, of which the addresses are those of a test. */
export async function startNginx({ ports, readTimeoutSeconds }: NginxOptions): Promise<Nginx> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'runs-gateway-nginx-'));
  let shipped = readFileSync(SHIPPED, 'utf8').replace('listen 80;', `listen 127.0.0.1:${port};`);
  ports.forEach((each, index) => {
    shipped = shipped.replaceAll(`gateway-${index + 1}:4000`, `127.0.0.1:${each}`);
  });
  if (readTimeoutSeconds !== undefined) {
    shipped = shipped.replace('proxy_read_timeout 35s', `proxy_read_timeout ${readTimeoutSeconds}s`);
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  writeFileSync(`${folder}/runs-gateway.conf`, shipped);
  writeFileSync(
    `${folder}/nginx.conf`,
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; pid ${folder}/pid; worker_processes 2; error_log ${folder}/error.log;
events { worker_connections 8192; }
http { access_log off; ${temporary}
include ${folder}/runs-gateway.conf; }`,
  );
  const child = spawn(NGINX, ['-c', `${folder}/nginx.conf`, '-p', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGTERM');
  process.once('exit', kill);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close');
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/metrics`).then(
      (response) => response.status === 404,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`nginx has ended: ${stderr}`);
    await sleep(20);
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      kill();
      await ended;
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
