namespace Starter_Project.Tests;

/// <summary>What the model sees of a row.</summary>
public sealed class ComputingFeatures
{
    [Fact]
    public void AnAbsentYearIsNotANumberAndNeverZero()
    {
        var row = new Row { Id = 1, Area = 80, Rooms = 3, Built = null, District = "north", Price = 240_000 };
        var fit = RowModel.Features.BeginFit();
        fit.Add(row, RowModel.Definition.Key(row));
        var seen = RowModel.Features.Serve(fit.Complete().State, row);
        Assert.Equal([80, 3, float.NaN], seen[..3]);
    }
}
