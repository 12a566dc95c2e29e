package rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsRowLevelOperations;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperation;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A table whose rows are in this process; an update or a delete puts other rows in the place of all of them. */
class RowTable implements SupportsRead, SupportsWrite, SupportsRowLevelOperations {
    private final String name;
    private final Column[] columns;
    private volatile List<InternalRow> rows;

    RowTable(String name, Column[] columns, List<InternalRow> rows) {
        this.name = name;
        this.columns = columns;
        this.rows = rows;
    }

    List<InternalRow> rows() {
        return rows;
    }

    synchronized void append(List<InternalRow> more) {
        List<InternalRow> all = new ArrayList<>(rows);
        all.addAll(more);
        rows = all;
    }

    synchronized void replace(List<InternalRow> others) {
        rows = others;
    }

    /** The table with one more column, which is null in every row. */
    RowTable with(Column column) {
        Column[] more = Arrays.copyOf(columns, columns.length + 1);
        more[columns.length] = column;
        return reshaped(more, -1);
    }

    /** The table without a column. */
    RowTable without(String column) {
        int place = 0;
        while (!columns[place].name().equalsIgnoreCase(column)) {
            place++;
        }
        List<Column> fewer = new ArrayList<>(List.of(columns));
        fewer.remove(place);
        return reshaped(fewer.toArray(new Column[0]), place);
    }

    private RowTable reshaped(Column[] wanted, int dropped) {
        List<InternalRow> moved = new ArrayList<>();
        for (InternalRow row : rows) {
            Object[] values = new Object[wanted.length];
            int kept = 0;
            for (int place = 0; place < columns.length; place++) {
                if (place != dropped) {
                    values[kept++] = row.isNullAt(place) ? null : row.get(place, columns[place].dataType());
                }
            }
            moved.add(new GenericInternalRow(values));
        }
        return new RowTable(name, wanted, moved);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Column[] columns() {
        return columns;
    }

    /** Spark asks for this one too, where a statement changes rows. */
    @Override
    @SuppressWarnings("deprecation")
    public StructType schema() {
        return CatalogV2Util.v2ColumnsToStructType(columns);
    }

    @Override
    public Set<TableCapability> capabilities() {
        return EnumSet.of(TableCapability.BATCH_READ, TableCapability.BATCH_WRITE, TableCapability.TRUNCATE);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return () -> new Reading(schema(), rows);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return new Writing(this::append, this::replace);
    }

    @Override
    public RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
        return () -> new Replacing(info.command());
    }

    private class Replacing implements RowLevelOperation {
        private final Command command;

        Replacing(Command command) {
            this.command = command;
        }

        @Override
        public Command command() {
            return command;
        }

        @Override
        public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
            return RowTable.this.newScanBuilder(options);
        }

        @Override
        public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
            return new Writing(RowTable.this::replace, RowTable.this::replace);
        }
    }
}
