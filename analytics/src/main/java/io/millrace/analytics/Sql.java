package io.millrace.analytics;

import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs one SQL statement from its input in DuckDB, in memory, and prints what it answers as a table. */
public final class Sql {
    private Sql() {
    }

    public static void main(String... args) throws Exception {
        String statement = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        try (var connection = DriverManager.getConnection("jdbc:duckdb:"); var query = connection.createStatement()) {
            query.execute("SET TimeZone = 'UTC'");
            try (ResultSet result = query.executeQuery(statement)) {
                print(rows(result));
            }
        } catch (SQLException e) {
            System.err.println("unable to query; " + e.getMessage());
            System.exit(1);
        }
    }

    private static List<List<String>> rows(ResultSet result) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        List<String> head = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
            head.add(result.getMetaData().getColumnLabel(column));
        }
        rows.add(head);
        while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= columns; column++) {
                row.add(String.valueOf(result.getString(column)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static void print(List<List<String>> rows) {
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int current = column;
                int width = rows.stream().mapToInt(other -> other.get(current).length()).max().orElse(0);
                line.append(String.format("%-" + (width + 2) + "s", row.get(column)));
            }
            System.out.println(line.toString().stripTrailing());
        }
    }
}
