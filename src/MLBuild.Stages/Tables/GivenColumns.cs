using System.Text;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Columns of a row type whose values the place of a file gives: those of its partition folders.</summary>
internal sealed class GivenColumns<TRow>
    where TRow : class, new()
{
    private readonly IReadOnlyList<(Column<TRow> Column, byte[] Text)> _columns;

    private GivenColumns(IReadOnlyList<(Column<TRow> Column, byte[] Text)> columns) => _columns = columns;

    // Made each time: what is kept in a static field counts with all code of the program that may change it.
    public static GivenColumns<TRow> None => new([]);

    /// <summary>Those columns of the row type that partition folders name.</summary>
    /// <exception cref="TableException">A folder's value is none of its column, or two folders name one.</exception>
    public static GivenColumns<TRow> Of(string file, IReadOnlyList<PartitionFolder> folders)
    {
        var probe = new RowBatch<TRow>();
        probe.Reserve();
        var given = new List<(Column<TRow>, byte[])>();
        foreach (var folder in folders)
        {
            if (RowSchema<TRow>.Instance.Find(folder.Column) is not { } column)
                continue;
            if (given.Any(other => ReferenceEquals(other.Item1, column)))
                throw new TableException($"'{file}' is in two folders for '{column.Name}'. Leave one of them.");
            var text = Encoding.UTF8.GetBytes(folder.Value ?? "");
            var field = CsvField.For(probe.Find(column), RowFormat.Csv);
            if (!field.TryRead(text, 0))
                throw new TableException(
                    $"'{file}' is in a folder for '{column.Name}' {(folder.Value is null ? "without a value"
                        : $"'{folder.Value}'")}, {field.Expected}. Rename the folder, or change the column.");
            given.Add((column, text));
        }
        return new(given);
    }

    public bool Has(Column<TRow> column)
    {
        foreach (var given in _columns)
        {
            if (ReferenceEquals(given.Column, column))
                return true;
        }
        return false;
    }

    /// <summary>Those that the file does not have itself.</summary>
    public GivenColumns<TRow> Without(IReadOnlyCollection<string> columns) => _columns.Count == 0
        ? this
        : new([.. _columns.Where(given => !columns.Contains(given.Column.Name))]);

    /// <summary>Sets their values in all rows of a batch.</summary>
    public void Fill(RowBatch<TRow> batch)
    {
        foreach (var (column, text) in _columns)
        {
            var field = CsvField.For(batch.Find(column), RowFormat.Csv);
            for (var i = 0; i < batch.Count; i++)
                field.TryRead(text, i);
        }
    }
}
