package io.rookery.bench.scenario;

/**
 * How much load, and for how long. Each scenario uses what concerns it.
 *
 * @param users accounts that take part
 * @param parallel logins, registrations or subscriptions in progress at a time
 * @param seconds the measured time
 * @param warmup seconds of load before it; a login run begins with one unmeasured round unless 0
 * @param settle seconds of silence after the logins
 * @param drain longest wait in seconds for messages that are on their way
 * @param rate operations a second in all, latency counting from the scheduled time; 0 for a closed
 *     loop
 * @param window operations in flight in a closed loop
 * @param body bytes of message text
 * @param bare whether messages are addressed to the bare address
 * @param repeat measured logins of each user
 * @param friends contacts of each user, even
 * @param count messages stored for each user
 * @param senders users that send them
 */
public record Settings(
    int users,
    int parallel,
    double seconds,
    double warmup,
    double settle,
    double drain,
    double rate,
    int window,
    int body,
    boolean bare,
    int repeat,
    int friends,
    int count,
    int senders) {}
