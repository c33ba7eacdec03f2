using System.Runtime.InteropServices;
using System.Text;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Tests.Models;

/// <summary>LightGBM itself, by its C interface (<c>c_api.h</c>): what it saves as text, and what it
/// predicts.</summary>
internal static class NativeLightGbm
{
    private const string Name = "lib_lightgbm";
    private const int Float32 = 0;
    private const int Normal = 0;

    /// <summary>Trains, and predicts other rows.</summary>
    /// <param name="parameters">As LightGBM reads them: <c>objective=binary num_leaves=7</c>.</param>
    /// <returns>The model, and for each of the other rows its prediction, or one for each class.</returns>
    public static (byte[] Text, double[][] Predictions) Train(
        FeaturesInMemory rows, FeaturesInMemory others, string parameters, int iterations, int classes = 1)
    {
        parameters += " verbosity=-1 num_threads=1 deterministic=true force_row_wise=true";
        var (training, scored) = (rows.Read().Single(), others.Read().Single());
        var labels = Array.ConvertAll(training.Labels, label => (float)label);
        var width = rows.Schema.Width;
        Demand(LGBM_DatasetCreateFromMat(
            training.Values, Float32, training.Count, width, 1, parameters, 0, out var table));
        Demand(LGBM_DatasetSetField(table, "label", labels, labels.Length, Float32));
        Demand(LGBM_BoosterCreate(table, parameters, out var booster));
        for (var i = 0; i < iterations; i++)
            Demand(LGBM_BoosterUpdateOneIter(booster, out _));
        var buffer = new byte[1 << 24];
        Demand(LGBM_BoosterSaveModelToString(booster, 0, 0, 0, buffer.Length, out var length, buffer));
        var predictions = new double[(long)scored.Count * classes];
        Demand(LGBM_BoosterPredictForMat(
            booster, scored.Values, Float32, scored.Count, width, 1, Normal, 0, 0, "num_threads=1", out _,
            predictions));
        Demand(LGBM_BoosterFree(booster));
        Demand(LGBM_DatasetFree(table));
        return (buffer[..(int)(length - 1)], [.. predictions.Chunk(classes)]);
    }

    private static void Demand(int result) =>
        Assert.True(result == 0, result == 0 ? null : Marshal.PtrToStringUTF8(LGBM_GetLastError()));

    [DllImport(Name)]
    private static extern nint LGBM_GetLastError();

    [DllImport(Name)]
    private static extern int LGBM_DatasetCreateFromMat(
        float[] values, int type, int rows, int columns, int isRowMajor,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, nint like, out nint table);

    [DllImport(Name)]
    private static extern int LGBM_DatasetSetField(
        nint table, [MarshalAs(UnmanagedType.LPUTF8Str)] string field, float[] values, int count, int type);

    [DllImport(Name)]
    private static extern int LGBM_BoosterCreate(
        nint table, [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, out nint booster);

    [DllImport(Name)]
    private static extern int LGBM_BoosterUpdateOneIter(nint booster, out int isFinished);

    [DllImport(Name)]
    private static extern int LGBM_BoosterSaveModelToString(
        nint booster, int first, int iterations, int importance, long bufferBytes, out long lengthBytes,
        byte[] buffer);

    [DllImport(Name)]
    private static extern int LGBM_BoosterPredictForMat(
        nint booster, float[] values, int type, int rows, int columns, int isRowMajor, int kind, int first,
        int iterations, [MarshalAs(UnmanagedType.LPUTF8Str)] string parameters, out long count,
        double[] predictions);

    [DllImport(Name)]
    private static extern int LGBM_BoosterFree(nint booster);

    [DllImport(Name)]
    private static extern int LGBM_DatasetFree(nint table);
}
