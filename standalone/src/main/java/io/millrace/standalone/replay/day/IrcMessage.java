package io.millrace.standalone.replay.day;

/**
 * One message of a chat log: the number of its line in the file, from 1, and who said it at which minute of the days since the
 * file's first. {@code action} is a line such as {@code * nick waves}, whose text is what comes after the nick.
 */
public record IrcMessage(int line, String nick, int minute, boolean action, String text) {
}
