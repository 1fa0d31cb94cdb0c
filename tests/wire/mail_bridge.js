// Runs functions of docs/mail-bridge.gs with stand-ins for Google's services: a question as JSON in, what happened out.
'use strict';
const fs = require('node:fs');
const vm = require('node:vm');

const asked = JSON.parse(fs.readFileSync(0, 'utf-8'));
const happened = { fetched: [], slept: [], triggers: [], touched: [], properties: asked.properties, error: null, held: 0 };
const answers = [...(asked.answers || [])];

function message(mail) {
  const known = {
    getId: () => mail.id,
    getFrom: () => mail.from,
    getSubject: () => mail.subject,
    getDate: () => new Date(mail.date),
  };
  // Whatever else is asked of a mail gives its body, and is noted.
  return new Proxy(known, {
    get(target, name) {
      if (name in target) return target[name];
      happened.touched.push(String(name));
      return () => mail.body;
    },
  });
}

const script = vm.createContext({
  JSON, Date: class extends Date { static now() { return asked.now; } },
  GmailApp: {
    search: (query, start, most) => {
      happened.query = query;
      return asked.threads.slice(start, start + most).map((mails) => ({ getMessages: () => mails.map(message) }));
    },
  },
  PropertiesService: {
    getScriptProperties: () => ({
      getProperty: (name) => (name in happened.properties ? happened.properties[name] : null),
      setProperty: (name, value) => {
        if (value.length > 9 * 1024) throw new Error('the property is too large');
        happened.properties[name] = value;
      },
    }),
  },
  LockService: {
    getScriptLock: () => ({
      tryLock: () => !asked.locked && ++happened.held > 0,
      releaseLock: () => { happened.held -= 1; },
    }),
  },
  UrlFetchApp: {
    fetch: (url, options) => {
      happened.fetched.push({ url, options });
      const answer = answers.shift() || { code: 200, text: '{}' };
      return { getResponseCode: () => answer.code, getContentText: () => answer.text };
    },
  },
  Utilities: { sleep: (millis) => happened.slept.push(millis) },
  ScriptApp: {
    getProjectTriggers: () => [
      { getHandlerFunction: () => 'bridge' },
      { getHandlerFunction: () => 'somethingElse' },
    ],
    deleteTrigger: (trigger) => happened.triggers.push(`deleted ${trigger.getHandlerFunction()}`),
    newTrigger: (name) => ({
      timeBased: () => ({
        everyMinutes: (minutes) => ({ create: () => happened.triggers.push(`${name} every ${minutes}`) }),
      }),
    }),
  },
});
vm.runInContext(fs.readFileSync(asked.script, 'utf-8'), script);
try {
  vm.runInContext(`${asked.run}()`, script);
} catch (error) {
  happened.error = error.message;
}
process.stdout.write(JSON.stringify(happened));
