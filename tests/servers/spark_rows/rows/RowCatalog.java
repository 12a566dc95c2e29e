package rows;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.NonEmptyNamespaceException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.DelegatingCatalogExtension;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.expressions.Transform;

/**
 * Spark's own catalog, in which tables made `using delta` have rows that can be changed.
 *
 * It stands where Delta Lake's catalog does, and Spark itself does what a statement says: it reads a table, works
 * out the rows that it should have, and puts them in its place. Not modelled: anything that outlives the process,
 * two writers at once, history, constraints, partitions, statistics.
 */
public class RowCatalog extends DelegatingCatalogExtension {
    private final Map<Identifier, RowTable> tables = new ConcurrentHashMap<>();

    @Override
    public Table createTable(Identifier name, Column[] columns, Transform[] parts, Map<String, String> properties)
            throws TableAlreadyExistsException, NoSuchNamespaceException {
        if (!"delta".equalsIgnoreCase(properties.get(TableCatalog.PROP_PROVIDER))) {
            return super.createTable(name, columns, parts, properties);
        }
        // Spark's own catalog has it too, as one of Delta Lake's would be: `show table extended` asks that alone.
        super.createTable(name, columns, parts, properties);
        RowTable made = new RowTable(name.toString(), columns, List.of());
        tables.put(name, made);
        return made;
    }

    @Override
    public Table loadTable(Identifier name) throws NoSuchTableException {
        RowTable found = tables.get(name);
        return found != null ? found : super.loadTable(name);
    }

    @Override
    public boolean dropTable(Identifier name) {
        tables.remove(name);
        return super.dropTable(name);
    }

    @Override
    public boolean dropNamespace(String[] namespace, boolean cascade)
            throws NoSuchNamespaceException, NonEmptyNamespaceException {
        tables.keySet().removeIf(name -> List.of(name.namespace()).equals(List.of(namespace)));
        return super.dropNamespace(namespace, cascade);
    }

    @Override
    public Table alterTable(Identifier name, TableChange... changes) throws NoSuchTableException {
        RowTable table = tables.get(name);
        if (table == null) {
            return super.alterTable(name, changes);
        }
        for (TableChange change : changes) {
            table = changed(table, change);
        }
        tables.put(name, table);
        return table;
    }

    private static RowTable changed(RowTable table, TableChange change) {
        if (change instanceof TableChange.AddColumn added) {
            return table.with(Column.create(added.fieldNames()[0], added.dataType(), added.isNullable()));
        }
        if (change instanceof TableChange.DeleteColumn deleted) {
            return table.without(deleted.fieldNames()[0]);
        }
        throw new UnsupportedOperationException(change.toString());
    }
}
