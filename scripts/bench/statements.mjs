// Listens between the server and PostgreSQL and writes down the statements of a request, with their values, as pgbench
// can run them. Only what a server sends that talks in the extended protocol with binary values is understood.
import net from 'node:net';

const EPOCH = Date.UTC(2000, 0, 1);
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
// Types by their number in PostgreSQL's catalogue.
const READ = {
  16: (bytes) => (bytes[0] ? 'TRUE' : 'FALSE'),
  20: (bytes) => bytes.readBigInt64BE().toString(),
  21: (bytes) => bytes.readInt16BE().toString(),
  23: (bytes) => bytes.readInt32BE().toString(),
  701: (bytes) => bytes.readDoubleBE().toString(),
  1114: (bytes) => {
    const micros = bytes.readBigInt64BE();
    const at = new Date(EPOCH + Number(micros / 1000n)).toISOString().replace('T', ' ').replace('Z', '');
    return `${quoted(at)}::timestamp`;
  },
};
const literal = (type, bytes) => (bytes === null ? 'NULL' : (READ[type] ?? ((raw) => `${quoted(raw.toString())}::text`))(bytes));

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  text() {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }
  int16() {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }
  int32() {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }
  value() {
    const length = this.int32();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** Starts listening; `take()` gives what was said since the last time. */
export async function eavesdrop(host, port) {
  let said = [];
  const heard = (prepared, kind, bytes) => {
    const message = new Reader(bytes);
    if (kind === 'P') {
      const [name, sql] = [message.text(), message.text()];
      prepared.set(name, { sql, types: Array.from({ length: message.int16() }, () => message.int32()) });
    } else if (kind === 'B') {
      message.text();
      const { sql, types } = prepared.get(message.text());
      for (let formats = message.int16(); formats > 0; formats -= 1) message.int16();
      const values = Array.from({ length: message.int16() }, () => message.value());
      said.push(sql.replace(/\$(\d+)/g, (_, number) => literal(types[number - 1], values[number - 1])));
    } else if (kind === 'Q') {
      const sql = message.text();
      // The driver's question whether a connection lives is no statement of ours.
      if (!sql.startsWith('/*')) said.push(sql);
    }
  };
  const proxy = net.createServer((client) => {
    const server = net.connect(port, host);
    const prepared = new Map();
    let rest = Buffer.alloc(0);
    let hasStarted = false;
    client.on('data', (data) => {
      server.write(data);
      rest = Buffer.concat([rest, data]);
      for (;;) {
        // The first message has no kind.
        const head = hasStarted ? 1 : 0;
        if (rest.length < head + 4) return;
        const length = head + rest.readInt32BE(head);
        if (rest.length < length) return;
        if (hasStarted) heard(prepared, String.fromCharCode(rest[0]), rest.subarray(5, length));
        // A request for encryption is answered with no, and the start comes again.
        else if (rest.readInt32BE(4) !== 80877103) hasStarted = true;
        rest = rest.subarray(length);
      }
    });
    server.on('data', (data) => client.write(data));
    for (const [one, other] of [[client, server], [server, client]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const take = () => {
    const taken = said;
    said = [];
    return taken;
  };
  return { port: proxy.address().port, take, close: () => proxy.close() };
}
