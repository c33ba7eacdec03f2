using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>The rows of a text of no bytes, which is what a stage writes that found none. It has the columns of the row
/// type, as nothing says otherwise.</summary>
internal sealed class EmptyRows<TRow>(string name) : RowFile<TRow>(name)
    where TRow : class, new()
{
    public override IReadOnlyList<string> Columns { get; } =
        [.. RowSchema<TRow>.Instance.Columns.Select(column => column.Name)];

    public override RowPass<TRow> Begin(PassOptions<TRow> options) => new Pass();

    private sealed class Pass : RowPass<TRow>
    {
        public override bool Next() => false;

        public override void Dispose()
        {
        }
    }
}
