// examples/r4-poll/hello.ts in C: the yardstick of `just bench http`. It makes the same system
// calls in the same order, parses requests by the same rules, and sends the same response.
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_LIMIT = 8192, TARGET_LIMIT = 4096, INPUT = 65536, EVENTS = 256, FIELDS = 100 };
enum { PATIENCE = 5, CLIENTS = 1 << 16 };

struct text { const char *at; size_t length; };
struct field { struct text name, value; };
struct head {
  struct text method, target;
  struct field fields[FIELDS];
  int count;
  int keep_alive, has_body;
  size_t length;
};
struct client {
  int open, last;
  time_t heard;
  char *text; size_t text_length;  // the bytes of an incomplete request
  char *out; size_t out_length;    // bytes that the kernel has not accepted yet
};

static struct client clients[CLIENTS];
static char input[INPUT + HEAD_LIMIT + 4];
static char output[8 << 20];
static char date[64];
// This second's response to a GET of / that keeps the connection alive.
static char ready[256];
static size_t ready_length;
static int epoll;
static time_t now;  // seconds on the monotonic clock
static unsigned char in_name[256], in_value[256];

static int is(struct text text, const char *word) {
  return text.length == strlen(word) && strncasecmp(text.at, word, text.length) == 0;
}

// The same, but case-sensitive, as methods are.
static int text_is(struct text text, const char *word) {
  return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

static int is_known(struct text method) {
  static const char *others[] = {"POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (text_is(method, others[i])) return 1;
  return 0;
}

// Whether a comma-separated list contains the word.
static int has(struct text list, const char *word) {
  const char *at = list.at, *end = list.at + list.length;
  while (at < end) {
    const char *comma = memchr(at, ',', end - at);
    const char *to = comma ? comma : end;
    struct text one = {at, to - at};
    while (one.length && isblank(*one.at)) one.at++, one.length--;
    while (one.length && isblank(one.at[one.length - 1])) one.length--;
    if (is(one, word)) return 1;
    at = to + 1;
  }
  return 0;
}

static struct field *find(struct head *head, const char *name) {
  for (int i = 0; i < head->count; i++)
    if (is(head->fields[i].name, name)) return &head->fields[i];
  return NULL;
}

// The part after the host of a target in absolute form, as a proxy gets it.
static struct text origin(struct text target) {
  const char *end = target.at + target.length, *at = target.at;
  if (target.length > 7 && strncasecmp(at, "http://", 7) == 0) at += 7;
  else if (target.length > 8 && strncasecmp(at, "https://", 8) == 0) at += 8;
  else return target;
  const char *host = at;
  while (at < end && !strchr("/?#", *at)) at++;
  if (at == host) return target;
  return at == end ? (struct text){"/", 1} : (struct text){at, end - at};
}

// Returns 0 when the head is complete and valid, -1 when it is incomplete, or else the status
// of the error response.
static int read_head(const char *begin, size_t length, struct head *head) {
  const char *from = begin;
  size_t all = length;
  // Empty lines may precede the request line. They count towards the limit.
  while (length >= 2 && memcmp(from, "\r\n", 2) == 0) from += 2, length -= 2;
  const char *end = memmem(from, length, "\r\n\r\n", 4);
  const char *line_end = memmem(from, length, "\r\n", 2);
  int too_long = !line_end || line_end - from > TARGET_LIMIT ? 414 : 431;
  if (!end) return all > HEAD_LIMIT ? too_long : -1;
  if (end - begin > HEAD_LIMIT) return too_long;
  const char *after_method = memchr(from, ' ', line_end - from);
  if (!after_method) return 400;
  const char *target = after_method + 1;
  const char *after_target = memchr(target, ' ', line_end - target);
  if (!after_target || after_method == from || after_target == target) return 400;
  for (const char *at = from; at < after_method; at++)
    if (!in_name[(unsigned char)*at]) return 400;
  for (const char *at = target; at < after_target; at++)
    if (*at <= ' ' || *at > '~') return 400;
  const char *version = after_target + 1;
  if (line_end - version != 8 || memcmp(version, "HTTP/", 5) || !isdigit(version[5]) ||
      version[6] != '.' || !isdigit(version[7])) return 400;
  if (version[5] != '1') return 505;
  if (after_target - target > TARGET_LIMIT) return 414;
  head->method = (struct text){from, after_method - from};
  head->target = origin((struct text){target, after_target - target});
  head->count = 0;
  for (const char *at = line_end + 2; at < end;) {
    const char *stop = memmem(at, end + 2 - at, "\r\n", 2);
    const char *colon = memchr(at, ':', stop - at);
    if (!colon || colon == at) return 400;
    for (const char *each = at; each < colon; each++)
      if (!in_name[(unsigned char)*each]) return 400;
    for (const char *each = colon + 1; each < stop; each++)
      if (!in_value[(unsigned char)*each]) return 400;
    if (head->count == FIELDS) return 431;
    struct text name = {at, colon - at}, value = {colon + 1, stop - colon - 1};
    while (value.length && isblank(*value.at)) value.at++, value.length--;
    while (value.length && isblank(value.at[value.length - 1])) value.length--;
    if ((is(name, "host") && find(head, "host")) ||
        (is(name, "content-length") && find(head, "content-length"))) return 400;
    head->fields[head->count++] = (struct field){name, value};
    at = stop + 2;
  }
  int old = version[7] == '0';
  if (!old && !find(head, "host")) return 400;
  struct field *size = find(head, "content-length");
  struct field *coding = find(head, "transfer-encoding");
  head->has_body = coding != NULL;
  if (size) {
    if (coding || size->value.length == 0) return 400;
    for (size_t i = 0; i < size->value.length; i++) {
      if (!isdigit(size->value.at[i])) return 400;
      if (size->value.at[i] != '0') head->has_body = 1;
    }
  }
  struct field *connection = find(head, "connection");
  head->keep_alive = !old;
  if (connection)
    head->keep_alive = !has(connection->value, "close") &&
                       (!old || has(connection->value, "keep-alive"));
  head->length = end + 4 - begin;
  return 0;
}

static size_t problem(char *into, int status, int with_body) {
  const char *reason = status == 400   ? "Bad Request"
                       : status == 404 ? "Not Found"
                       : status == 405 ? "Method Not Allowed"
                       : status == 413 ? "Content Too Large"
                       : status == 414 ? "URI Too Long"
                       : status == 431 ? "Request Header Fields Too Large"
                       : status == 501 ? "Not Implemented"
                                       : "HTTP Version Not Supported";
  char body[64];
  int length = sprintf(body, "%d %s\n", status, reason);
  return sprintf(into,
                 "HTTP/1.1 %d %s\r\nDate: %s\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\n"
                 "Content-Length: %d\r\nConnection: close\r\n%s\r\n%s",
                 status, reason, date, length, status == 405 ? "Allow: GET, HEAD\r\n" : "",
                 with_body ? body : "");
}

static size_t render(char *into, int keep_alive, int with_body) {
  const char *body = "Hello, world!\n";
  return sprintf(into,
                 "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                 "Content-Length: %zu\r\nConnection: %s\r\n\r\n%s",
                 date, strlen(body), keep_alive ? "keep-alive" : "close", with_body ? body : "");
}

// Writes a response. After an error, the connection is closed.
static size_t respond(char *into, struct head *head) {
  int head_only = text_is(head->method, "HEAD");
  int status = 200;
  if (!is(head->target, "/")) status = 404;
  if (!head_only && !text_is(head->method, "GET")) status = is_known(head->method) ? 405 : 501;
  if (head->has_body) status = 413;
  if (status != 200) {
    head->keep_alive = 0;
    return problem(into, status, !head_only);
  }
  if (head_only || !head->keep_alive) return render(into, head->keep_alive, !head_only);
  memcpy(into, ready, ready_length);
  return ready_length;
}

static int watch(int operation, int fd, unsigned bits) {
  struct epoll_event event = {.events = bits, .data.fd = fd};
  return epoll_ctl(epoll, operation, fd, &event) == 0;
}

static void close_client(int fd) {
  free(clients[fd].text);
  free(clients[fd].out);
  memset(&clients[fd], 0, sizeof clients[fd]);
  close(fd);
}

// Returns 0 when the connection must be closed.
static int send_all(int fd, const char *bytes, size_t length) {
  struct client *client = &clients[fd];
  ssize_t count = send(fd, bytes, length, MSG_NOSIGNAL);
  if (count == -1 && errno != EAGAIN) return 0;
  size_t sent = count == -1 ? 0 : count;
  if (count != -1) client->heard = now;
  int waited = client->out_length > 0, waits = sent < length;
  char *rest = NULL;
  if (waits) {
    rest = malloc(length - sent);
    memcpy(rest, bytes + sent, length - sent);
  }
  free(client->out);
  client->out = rest;
  client->out_length = length - sent;
  if (waits != waited && !watch(EPOLL_CTL_MOD, fd, waits ? EPOLLOUT : EPOLLIN | EPOLLRDHUP))
    return 0;
  if (client->last && !waits) shutdown(fd, SHUT_WR);
  return 1;
}

static int handle(int fd) {
  struct client *client = &clients[fd];
  if (client->out_length > 0) return send_all(fd, client->out, client->out_length);
  size_t before = client->text_length;
  if (before > 0) memcpy(input, client->text, before);
  ssize_t count = recv(fd, input + before, INPUT, 0);
  if (count == -1) return errno == EAGAIN;
  if (count == 0) return 0;
  if (client->last) return 1;
  client->heard = now;
  size_t length = before + count, at = 0, written = 0;
  while (!client->last) {
    struct head head;
    int status = read_head(input + at, length - at, &head);
    if (status == -1) break;
    written += status ? problem(output + written, status, 1) : respond(output + written, &head);
    client->last = status != 0 || !head.keep_alive;
    if (status == 0) at += head.length;
  }
  free(client->text);
  client->text = NULL;
  client->text_length = client->last ? 0 : length - at;
  if (client->text_length > 0) {
    client->text = malloc(client->text_length);
    memcpy(client->text, input + at, client->text_length);
  }
  return written == 0 || send_all(fd, output, written);
}

int main(void) {
  for (int c = 0; c < 256; c++) {
    in_name[c] = isalnum(c) || (c && strchr("!#$%&'*+.^_`|~-", c));
    in_value[c] = c == '\t' || (c >= ' ' && c != 0x7f);
  }
  const char *port = getenv("PORT");
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max < CLIENTS ? limit.rlim_max : CLIENTS;
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port ? atoi(port) : 42069),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 511)) {
    perror("Cannot listen");
    return 1;
  }
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  watch(EPOLL_CTL_ADD, listener, EPOLLIN);
  for (time_t next = 0;;) {
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    now = clock.tv_sec;
    if (now >= next) {
      struct tm utc;
      time_t wall = time(NULL);
      next = now + 1;
      strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&wall, &utc));
      ready_length = render(ready, 1, 1);
      for (int fd = 0; fd < CLIENTS; fd++)
        if (clients[fd].open && clients[fd].heard < now - PATIENCE) close_client(fd);
    }
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, 1000);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd != listener) {
        if (clients[fd].open && !handle(fd)) close_client(fd);
        continue;
      }
      int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client == -1) continue;
      if (client >= CLIENTS) {
        close(client);
        continue;
      }
      setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      clients[client].open = 1;
      clients[client].heard = now;
      if (!watch(EPOLL_CTL_ADD, client, EPOLLIN | EPOLLRDHUP)) close_client(client);
    }
  }
}
