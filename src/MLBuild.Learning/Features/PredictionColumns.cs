namespace MLBuild.Learning.Features;

/// <summary>What the columns of a prediction log are called, which a server writes and stages read: a Parquet file with
/// a row for each predicted row. Its features and scores are floats, a feature NaN where it is absent.</summary>
public static class PredictionColumns
{
    /// <summary>Text: the served key of the row, as <c>RowKey</c> writes it.</summary>
    public const string Key = "key";

    /// <summary>Int32: of the model that computed the features and scored them.</summary>
    public const string Version = "version";

    /// <summary>Timestamp in milliseconds, UTC: when the row was predicted.</summary>
    public const string Time = "time";

    /// <summary>Before the name of each feature, so that none is called as another column.</summary>
    public const string FeaturePrefix = "feature_";

    /// <summary>The score of a model that has one for each row; of another, before the name of each class:
    /// <c>score_red</c>.</summary>
    public const string Score = "score";
}
