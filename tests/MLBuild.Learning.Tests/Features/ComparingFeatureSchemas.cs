using MLBuild.Learning.Features;

namespace MLBuild.Learning.Tests.Features;

/// <summary>A model takes exactly the features it was trained with; every difference is named at once.</summary>
public sealed class ComparingFeatureSchemas
{
    private static readonly FeatureSchema Trained = Schema("miles", "hour", "zone:c", "vendor:c");

    [Fact]
    public void EqualSchemasPass()
    {
        var same = Schema("miles", "hour", "zone:c", "vendor:c");
        Trained.Demand(same);
        Assert.Equal(Trained, same);
        Assert.Equal(Trained.GetHashCode(), same.GetHashCode());
    }

    [Theory]
    [InlineData("miles hour zone:c", "'vendor' is missing")]
    [InlineData("miles hour zone:c vendor:c tip", "'tip' is extra")]
    [InlineData("tip miles hour zone:c vendor:c", "'tip' is extra")]
    [InlineData("miles hour zone:c vendor:c w_0 w_1 w_2 tip", "'w_0' to 'w_2' are extra; 'tip' is extra")]
    [InlineData("miles hour zone vendor:c", "'zone' is Numeric, expected Categorical")]
    [InlineData(
        "hour miles zone:c vendor:c",
        "'hour' stands where 'miles' is expected; 'miles' stands where 'hour' is expected")]
    [InlineData(
        "tip hour:c miles vendor:c",
        "'zone' is missing; 'tip' is extra; 'hour' is Categorical, expected Numeric; "
        + "'hour' stands where 'miles' is expected; 'miles' stands where 'hour' is expected")]
    public void DifferencesAreNamed(string actual, string differences)
    {
        var error = Assert.Throws<FeatureSchemaException>(() => Trained.Demand(Schema(actual.Split(' '))));
        Assert.Equal(
            $"The features computed are not those the model was trained with: {differences}. "
            + "Train again, or use the feature code that the model was trained with.",
            error.Message);
    }

    [Fact]
    public void JsonIsReadableAndComesBack()
    {
        var json = Schema("miles", "zone:c").ToJson();
        Assert.Equal(
            """
            [
              {
                "name": "miles",
                "kind": "Numeric"
              },
              {
                "name": "zone",
                "kind": "Categorical"
              }
            ]

            """,
            json);
        Assert.Equal(Schema("miles", "zone:c"), FeatureSchema.FromJson(json));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""[{"kind":"Numeric"}]""")]
    [InlineData("""[{"name":"a"}]""")]
    [InlineData("""[{"name":null,"kind":"Numeric"}]""")]
    [InlineData("""[{"name":"a","kind":"Fuzzy"}]""")]
    [InlineData("""[{"name":"a","kind":"Numeric"},{"name":"a","kind":"Numeric"}]""")]
    public void OtherJsonIsRefused(string json)
    {
        var error = Assert.Throws<FormatException>(() => FeatureSchema.FromJson(json));
        Assert.StartsWith("This is not a feature schema: ", error.Message);
    }

    private static FeatureSchema Schema(params string[] columns) => new(
        columns.Select(column => column.Split(':') is [var name, "c"]
            ? new FeatureColumn(name, FeatureKind.Categorical)
            : new FeatureColumn(column, FeatureKind.Numeric)));
}
